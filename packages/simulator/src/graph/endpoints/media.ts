import { GraphError } from '../errors/graph-error';
import { isUploadable, maxBytesOf } from '../media/media-rules';
import { endpointsOf, type GraphEndpoint } from './route';

const onNumber = endpointsOf('number', 'whatsapp_business_messaging');
const onMedia = endpointsOf('media', 'whatsapp_business_messaging');

/** Media: upload, look up, delete. */
export const mediaEndpoints: readonly GraphEndpoint[] = [
  onNumber('upload_media', 'POST', 'media', ({ node, request, services }) => {
    const { shelf, limiter } = services.context;
    const file = request.files.get('file');
    if (request.body.messaging_product !== 'whatsapp') {
      throw new GraphError(100, { message: '(#100) The parameter messaging_product is required.' });
    }
    if (!file) throw new GraphError(100, { message: '(#100) The parameter file is required.' });
    const { type } = request.body;
    const mimeType = typeof type === 'string' && type.includes('/') ? type : file.mimeType;
    if (limiter.limits.media) {
      if (!isUploadable(mimeType)) {
        throw new GraphError(100, {
          message: `(#100) Param file must be a file with one of the supported types. Received file of type '${mimeType}'.`,
        });
      }
      const most = maxBytesOf(mimeType);
      if (file.bytes.byteLength > most) {
        throw new GraphError(131053, { details: `A file of this type has at most ${most} bytes.` });
      }
      if (file.bytes.byteLength === 0) {
        throw new GraphError(131053, { details: 'The file is empty.' });
      }
    }
    return { id: shelf.put(node.id, file.bytes, mimeType, 'business').id };
  }),
  onMedia('get_media', 'GET', '', ({ node, request, services }) => {
    const of = request.query.get('phone_number_id');
    if (of !== null && of !== node.phoneNumberId) {
      throw new GraphError(100, { subcode: 33, details: 'The medium belongs to another number.' });
    }
    return {
      messaging_product: 'whatsapp',
      url: services.context.shelf.address(node),
      mime_type: node.mimeType,
      sha256: node.sha256.toString('hex'),
      file_size: String(node.bytes.byteLength),
      id: node.id,
    };
  }),
  onMedia('delete_media', 'DELETE', '', ({ node, services }) => ({
    success: services.context.shelf.delete(node.id),
  })),
];
