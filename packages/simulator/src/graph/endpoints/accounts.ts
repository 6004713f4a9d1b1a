import { fieldsOf } from './page';
import { endpointsOf, type GraphEndpoint } from './route';

const onAccount = endpointsOf('account', 'whatsapp_business_management');

/** The accounts themselves. */
export const accountEndpoints: readonly GraphEndpoint[] = [
  onAccount('get_account', 'GET', '', ({ node, request }) =>
    fieldsOf(
      {
        id: node.id,
        name: node.name,
        timezone_id: '1',
        message_template_namespace: `ns_${node.id}`,
        account_review_status: 'APPROVED',
        currency: 'USD',
      },
      request.query,
      ['name', 'timezone_id', 'message_template_namespace'],
    ),
  ),
];
