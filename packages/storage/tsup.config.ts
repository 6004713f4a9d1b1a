import { library } from '../../tsup.config.base.ts';

export default library({ 'sqlite/index': 'src/sqlite/index.ts' });
