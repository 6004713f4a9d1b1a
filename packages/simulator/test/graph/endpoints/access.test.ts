import { describe, expect, it } from 'vitest';
import { errorOf, Stage } from '../support/stage';

describe('who may', () => {
  it.each([
    ['no token', 401, 190, undefined, () => ''],
    ['a made-up token', 401, 190, undefined, () => 'EAAnonsense'],
    [
      'an expired token',
      401,
      190,
      463,
      ({ simulator, business }: Stage) => {
        simulator.expireToken(business.accessToken);
        return business.accessToken;
      },
    ],
    [
      'a token that was taken back',
      401,
      190,
      467,
      ({ simulator, business }: Stage) => {
        simulator.revokeToken(business.accessToken);
        return business.accessToken;
      },
    ],
    [
      'a token that lacks a permission',
      403,
      10,
      undefined,
      ({ simulator, business }: Stage) => {
        simulator.setPermissions(business.accessToken, ['whatsapp_business_management']);
        return business.accessToken;
      },
    ],
    [
      "another account's token",
      403,
      200,
      undefined,
      ({ simulator }: Stage) => simulator.addBusiness().accessToken,
    ],
  ])('with %s: HTTP %i, code %i', async (_, status, code, subcode, tokenOf) => {
    await using stage = await Stage.open();
    const token = tokenOf(stage);
    const path = `/v25.0/${stage.business.phoneNumberId}/messages`;
    const answer = await stage.call('POST', path, {}, token);
    expect(answer.status).toBe(status);
    expect(errorOf(answer)).toMatchObject({
      code,
      type: 'OAuthException',
      fbtrace_id: expect.any(String),
      ...(subcode === undefined ? {} : { error_subcode: subcode }),
    });
  });

  it.each([
    ['/v20.0/1/messages', 400, 12],
    ['/v27.0/1/messages', 400, 2500],
  ])('a version that is gone or never was: %s', async (path, status, code) => {
    await using stage = await Stage.open();
    const answer = await stage.call('POST', path, {});
    expect([answer.status, errorOf(answer).code]).toEqual([status, code]);
  });

  it.each(['v21.0', 'v23.0', 'v26.0'])('%s answers', async (version) => {
    await using stage = await Stage.open();
    const answer = await stage.call('GET', `/${version}/${stage.business.phoneNumberId}`);
    expect([answer.status, answer.headers.get('facebook-api-version')]).toEqual([200, version]);
  });

  it('an object that there is not: 400, code 100, subcode 33', async () => {
    await using stage = await Stage.open();
    const answer = await stage.call('GET', '/v25.0/999999999999999');
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toMatchObject({ code: 100, error_subcode: 33 });
  });
});
