import {
  allLimits,
  defaultGraphTimings,
  fairConditions,
  graphControlRoutes,
  graphFaultKinds,
  receiptModes,
  reviewModes,
} from '../../src/graph/index';
import { describeReadme } from '../support/readme';

describeReadme({
  heading: 'The Cloud API',
  routes: graphControlRoutes,
  names: [
    ...graphFaultKinds,
    ...receiptModes,
    ...reviewModes,
    ...Object.keys({ ...allLimits, ...defaultGraphTimings, ...fairConditions }),
  ],
  prints: '200 Hi',
});
