import { library } from '../../tsup.config.base.ts';

export default library({
  index: 'src/index.ts',
  adapters: 'src/adapters.ts',
  signing: 'src/signing.ts',
});
