import { library } from '../../tsup.config.base.ts';

export default library({ 'webjs/index': 'src/webjs/index.ts' });
