import { library } from '../../tsup.config.base.ts';

export default library({
  'fallback/index': 'src/fallback/index.ts',
  'meta/index': 'src/meta/index.ts',
  'webjs/index': 'src/webjs/index.ts',
});
