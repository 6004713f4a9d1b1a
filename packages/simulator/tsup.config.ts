import { library } from '../../tsup.config.base.ts';

export default library({
  'web/index': 'src/web/index.ts',
  cli: 'src/cli.ts',
  'graph/index': 'src/graph/index.ts',
  'provider/index': 'src/provider/index.ts',
  'contracts/index': 'src/contracts/index.ts',
  'clock/index': 'src/clock/index.ts',
});
