/** What `holdpoint/metrics` is: for whoever counts, with whatever library. */
export { tellExposures, type Exposure } from './exposures.js';
export { metricLabels, type MetricLabels, type MetricLabelsOptions } from './metric-labels.js';
