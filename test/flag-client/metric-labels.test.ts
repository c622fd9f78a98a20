/** One value of the label `endpoint` for each endpoint, whatever paths come. */
import { expect, it } from 'vitest';
import { metricLabels } from '../../src/flag-client/metric-labels.js';

const labels = metricLabels({
  env: 'production',
  service: 'shop',
  endpoints: ['/', '/orders', '/orders/new', '/orders/:id', '/orders/:id/items/:item'],
});

it('environment and service are on every series', () => {
  expect(labels.defaults).toEqual({ env: 'production', service: 'shop' });
});

it.each([
  ['/', '/'],
  ['/?user=dana', '/'],
  ['/orders', '/orders'],
  ['/orders?page=2&from=/orders/7', '/orders'],
  ['/orders#top', '/orders'],
  ['/orders/new', '/orders/new'],
  ['/orders/7', '/orders/:id'],
  ['/orders/%2F..%2F', '/orders/:id'],
  ['/orders/7/items/9', '/orders/:id/items/:item'],
  ['/orders/', '/orders'],
  ['/orders/?page=2', '/orders'],
  ['/orders/7/', '/orders/:id'],
  ['/orders//', 'other'],
  ['/orders//items/9', 'other'],
  ['/orders/7/items', 'other'],
  ['/wp-login.php', 'other'],
  ['', 'other'],
])('%s is %s', (path, endpoint) => {
  expect(labels.endpointOf(path)).toBe(endpoint);
});

it('an endpoint that is listed with a slash at its end is found without it, too', () => {
  const carts = metricLabels({ env: 'production', service: 'shop', endpoints: ['/carts/'] });
  expect(['/carts', '/carts/', '/'].map((path) => carts.endpointOf(path))).toEqual(['/carts/', '/carts/', 'other']);
});

it('without endpoints all are other', () => {
  expect(metricLabels({ env: 'production', service: 'shop' }).endpointOf('/')).toBe('other');
});
