import { library } from '../../tsup.config.base.ts';

export default library({
  'meta/index': 'src/meta/index.ts',
  'webjs/index': 'src/webjs/index.ts',
});
