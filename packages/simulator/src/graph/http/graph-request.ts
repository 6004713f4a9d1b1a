import type { JsonObject } from '../messages/parse-message';
import type { AccessToken } from '../world/access-token';

/** A file of a multipart request. */
export interface UploadedFile {
  /** Its name. */
  readonly name: string;
  /** Its declared type. */
  readonly mimeType: string;
  /** Its bytes. */
  readonly bytes: Buffer;
}

/** A request to the Graph API, read and recognised. */
export interface GraphRequest {
  /** The HTTP method. */
  readonly method: string;
  /** The version that was asked for, such as `v25.0`. */
  readonly version: string;
  /** The id in the path. */
  readonly node: string;
  /** The query. */
  readonly query: URLSearchParams;
  /** The JSON body, or the fields of a form. */
  readonly body: JsonObject;
  /** The files of a multipart form, by the name of their field. */
  readonly files: ReadonlyMap<string, UploadedFile>;
  /** The caller's token. */
  readonly token: AccessToken;
}
