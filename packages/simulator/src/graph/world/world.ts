import { GatewayError } from '@blazz/core';
import type { AccessToken, AccessTokenSource } from './access-token';
import { permissions } from './access-token';
import type { AppSource, GraphApp } from './app';
import type { BusinessAccount, BusinessAccountSource } from './business-account';
import type { BusinessNumber, BusinessNumberSource } from './business-number';
import type { Identifiers } from './identifiers';
import { People } from './people';
import type { Template, TemplateSource } from './template';

/** Who and what there is: apps, accounts, numbers, tokens, templates, people. */
export class World {
  readonly #ids: Identifiers;
  /** The apps, by id. */
  readonly apps: Map<string, GraphApp> = new Map();
  /** The accounts, by id. */
  readonly accounts: Map<string, BusinessAccount> = new Map();
  /** The business numbers, by id. */
  readonly numbers: Map<string, BusinessNumber> = new Map();
  /** The tokens, by themselves. */
  readonly tokens: Map<string, AccessToken> = new Map();
  /** The templates, by id. */
  readonly templates: Map<string, Template> = new Map();
  /** The customers. */
  readonly people: People;

  /**
   * @param ids where new ids come from
   * @param isOnWhatsApp whether a number that nobody added is on WhatsApp
   */
  constructor(ids: Identifiers, isOnWhatsApp: (number: string) => boolean) {
    this.#ids = ids;
    this.people = new People(ids, isOnWhatsApp);
  }

  /** Adds an app. */
  addApp(source: AppSource): GraphApp {
    const app: GraphApp = {
      id: source.id ?? this.#ids.object(),
      name: source.name ?? 'Test App',
      secret: source.secret ?? this.#ids.secret(),
      verifyToken: source.verifyToken ?? this.#ids.hash(),
      callbackUrl: source.callbackUrl,
      fields: undefined,
    };
    this.apps.set(app.id, app);
    return app;
  }

  /** Adds an account. @throws GatewayError `not_found` when an app is unknown */
  addAccount(source: BusinessAccountSource): BusinessAccount {
    const subscriptions = new Map((source.apps ?? []).map((appId) => [appId, { appId }]));
    for (const appId of subscriptions.keys()) known(this.apps, appId, 'app');
    const account: BusinessAccount = {
      id: source.id ?? this.#ids.object(),
      name: source.name ?? 'Test Account',
      subscriptions,
    };
    this.accounts.set(account.id, account);
    return account;
  }

  /** Adds a business number. @throws GatewayError `not_found` when the account is unknown */
  addNumber(source: BusinessNumberSource): BusinessNumber {
    known(this.accounts, source.wabaId, 'account');
    const number: BusinessNumber = {
      id: source.id ?? this.#ids.object(),
      wabaId: source.wabaId,
      number: source.number ?? `1555${1_000_000 + this.#ids.below(9_000_000)}`,
      verifiedName: source.name ?? 'Test Business',
      registered: source.registered ?? true,
      pin: source.pin,
      wrongPins: 0,
      lockedUntil: 0,
      deregisteredAt: undefined,
      registrations: [],
      verified: source.registered ?? true,
      code: undefined,
      codeSentAt: 0,
      wrongCodes: 0,
      codesLockedUntil: 0,
      tier: source.tier ?? 80,
      quality: source.quality ?? 'GREEN',
      messagingLimit: 'TIER_1K',
      trouble: undefined,
      profile: {},
      blocked: new Set(),
    };
    this.numbers.set(number.id, number);
    return number;
  }

  /** Adds a token. @throws GatewayError `not_found` when the app is unknown */
  addToken(source: AccessTokenSource): AccessToken {
    known(this.apps, source.appId, 'app');
    const token: AccessToken = {
      token: source.token ?? this.#ids.token(),
      appId: source.appId,
      wabaIds: source.wabaIds && new Set(source.wabaIds),
      permissions: new Set(source.permissions ?? permissions),
      expiresAt: source.expiresAt,
      revoked: false,
    };
    this.tokens.set(token.token, token);
    return token;
  }

  /** Adds a template. @throws GatewayError `not_found` when the account is unknown */
  addTemplate(source: TemplateSource): Template {
    known(this.accounts, source.wabaId, 'account');
    const components = source.components ?? [{ type: 'BODY', text: 'Hello' }];
    const named = components.some(({ text }) => /\{\{\s*[a-z_]/.test(text ?? ''));
    const template: Template = {
      id: source.id ?? this.#ids.object(),
      wabaId: source.wabaId,
      name: source.name,
      language: source.language ?? 'en_US',
      category: source.category ?? 'UTILITY',
      status: source.status ?? 'APPROVED',
      parameterFormat: source.parameterFormat ?? (named ? 'NAMED' : 'POSITIONAL'),
      components,
      edits: [],
    };
    this.templates.set(template.id, template);
    return template;
  }

  /** A business number by its id or its digits. @throws GatewayError `not_found` */
  number(idOrDigits: string): BusinessNumber {
    const found = this.numbers.get(idOrDigits) ?? this.numberByDigits(idOrDigits);
    if (found) return found;
    throw new GatewayError('not_found', 'No such business number: add it with addNumber().');
  }

  /** A business number by its digits. */
  numberByDigits(digits: string): BusinessNumber | undefined {
    const wanted = digits.replace(/\D/g, '');
    return [...this.numbers.values()].find((one) => one.number === wanted);
  }

  /** The templates of an account, in the order in which they were made. */
  templatesOf(wabaId: string): Template[] {
    return [...this.templates.values()].filter((one) => one.wabaId === wabaId);
  }

  /** A template by its name and language. */
  template(wabaId: string, name: string, language: string): Template | undefined {
    return this.templatesOf(wabaId).find((one) => one.name === name && one.language === language);
  }
}

/** A thing by its id. @throws GatewayError `not_found` */
export function known<T>(things: ReadonlyMap<string, T>, id: string, what: string): T {
  const found = things.get(id);
  if (found !== undefined) return found;
  throw new GatewayError('not_found', `No such ${what}: add it before you refer to it.`);
}
