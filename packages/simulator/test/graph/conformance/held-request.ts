import type { MetaFile } from './meta-file';

/** A request as it went over the wire. */
export interface WireRequest {
  /** Such as `POST`. */
  readonly method: string;
  /** The path and the query. */
  readonly target: string;
  /** The headers, names in small letters. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The body's bytes; none when there is no body. */
  readonly body: Uint8Array;
}

/**
 * Which operation of Meta's file a request is, such as `post /{Version}/{Phone-Number-ID}/messages`.
 * @param names the file's name for each id that the path may have
 */
export function operationOf(
  { method, target }: WireRequest,
  names: (id: string) => string | undefined,
): readonly [method: string, path: string] {
  const [, version = '', ...rest] = new URL(target, 'http://graph.test').pathname.split('/');
  const path = rest.map((part) => {
    const name = names(part);
    return name === undefined ? part : `{${name}}`;
  });
  const first = /^v\d+\.0$/.test(version) ? '{Version}' : version;
  return [method.toLowerCase(), `/${[first, ...path].join('/')}`];
}

/** What Meta's file has against a request: nothing, when it is valid. */
export async function complaintsOf(
  meta: MetaFile,
  request: WireRequest,
  [method, path]: readonly [method: string, path: string],
): Promise<readonly string[]> {
  if (!meta.has(method, path)) return [`The file has no ${method} ${path}.`];
  return [
    ...headerComplaints(request),
    ...queryComplaints(meta, request, method, path),
    ...(await bodyComplaints(meta, request, method, path)),
  ];
}

function headerComplaints({ headers }: WireRequest): readonly string[] {
  // The file's own pattern of the header that every operation needs.
  const holds = /^Bearer\s+[A-Za-z0-9\-_.]+.*$/.test(headers.authorization ?? '');
  return holds ? [] : ['The header Authorization is not as the file has it.'];
}

function queryComplaints(
  meta: MetaFile,
  { target }: WireRequest,
  method: string,
  path: string,
): readonly string[] {
  const known = meta.query(method, path);
  const given = new URL(target, 'http://graph.test').searchParams;
  const wrong = [...given].flatMap(([name, value]) => {
    const parameter = known.find((one) => one.name === name);
    if (parameter === undefined) return [`The query's ${name} is not in the file.`];
    const validate = meta.validator(parameter.schema ?? {});
    return validate(value) ? [] : [`The query's ${name}: ${JSON.stringify(validate.errors)}`];
  });
  const missing = known.filter(({ name, required }) => required && !given.has(name ?? ''));
  return [...wrong, ...missing.map(({ name }) => `The query lacks ${name}.`)];
}

async function bodyComplaints(
  meta: MetaFile,
  { headers, body }: WireRequest,
  method: string,
  path: string,
): Promise<readonly string[]> {
  const types = meta.bodyTypes(method, path);
  if (body.byteLength === 0) return types.length === 0 ? [] : ['The body is missing.'];
  const header = headers['content-type'] ?? '';
  const type = header.split(';')[0] ?? '';
  if (!types.includes(type)) return [`A body of type ${type} is not in the file.`];
  const value =
    type === 'application/json'
      ? JSON.parse(Buffer.from(body).toString('utf8'))
      : await formOf(body, header);
  const validate = meta.body(method, path, type);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    (error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
  );
}

/** A form as the file's schemas have it: a file is a text of bytes. */
async function formOf(body: Uint8Array, header: string): Promise<Record<string, string>> {
  const form = await new Response(Buffer.from(body), {
    headers: { 'content-type': header },
  }).formData();
  const fields = [...form].map(
    async ([name, value]): Promise<[string, string]> => [
      name,
      typeof value === 'string' ? value : await value.text(),
    ],
  );
  return Object.fromEntries(await Promise.all(fields));
}
