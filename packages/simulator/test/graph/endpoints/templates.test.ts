import { ManualClock } from '@blazz/simulator/clock';
import { describe, expect, it } from 'vitest';
import { errorOf, Stage } from '../support/stage';

const body = { type: 'BODY', text: 'Hi {{1}}', example: { body_text: [['Ani']] } };

describe('templates', () => {
  it('are made, reviewed, told about, changed and deleted', async () => {
    await using stage = await Stage.open();
    const path = `/v25.0/${stage.business.wabaId}/message_templates`;
    const made = await stage.call('POST', path, {
      name: 'greeting',
      language: 'en_US',
      category: 'UTILITY',
      components: [body],
    });
    expect(made.json).toMatchObject({ status: 'PENDING', category: 'UTILITY' });
    const { id } = made.json as { id: string };
    await stage.callback.until(() => stage.callback.changes.length === 1);
    expect(stage.callback.changes[0]).toEqual({
      field: 'message_template_status_update',
      value: {
        event: 'APPROVED',
        message_template_id: Number(id),
        message_template_name: 'greeting',
        message_template_language: 'en_US',
        reason: 'NONE',
      },
    });
    expect((await stage.call('GET', `/v25.0/${id}?fields=status`)).json).toEqual({
      id,
      status: 'APPROVED',
    });
    const footer = { type: 'FOOTER', text: 'Bye' };
    const changed = await stage.call('POST', `/v25.0/${id}`, { components: [body, footer] });
    expect(changed.json).toEqual({ success: true });
    await stage.callback.until(() => stage.callback.changes.length === 2);
    expect((await stage.call('DELETE', `${path}?name=greeting`)).json).toEqual({ success: true });
    await stage.callback.until(() => stage.callback.changes.length === 3);
    expect(stage.callback.changes[2]?.value).toMatchObject({ event: 'DELETED', reason: null });
    const gone = await stage.call('DELETE', `${path}?name=greeting`);
    expect([gone.status, errorOf(gone).code]).toEqual([404, 100]);
  });

  it('of one name live once in each language, and a deleted name rests', async () => {
    const clock = new ManualClock();
    await using stage = await Stage.open({ clock, reviews: 'manual' });
    const path = `/v25.0/${stage.business.wabaId}/message_templates`;
    const make = (language: string) =>
      stage.call('POST', path, {
        name: 'sale',
        language,
        category: 'MARKETING',
        components: [body],
      });
    const { id } = (await make('en_US')).json as { id: string };
    expect(errorOf(await make('en_US'))).toMatchObject({ code: 100, error_subcode: 2388024 });
    expect((await make('id')).status).toBe(200);
    stage.simulator.setTemplateStatus(id, 'APPROVED');
    await stage.call('DELETE', `${path}?name=sale&hsm_id=${id}`);
    expect(stage.simulator.templates(stage.business.wabaId).map((one) => one.language)).toEqual([
      'id',
    ]);
    expect(errorOf(await make('en_US'))).toMatchObject({ code: 100, error_subcode: 2388023 });
    await clock.advance(30 * 86_400_000);
    expect((await make('en_US')).status).toBe(200);
  });

  it('are edited once a day while approved, never while in review, and keep their category', async () => {
    const clock = new ManualClock();
    await using stage = await Stage.open({ clock, reviews: 'manual' });
    const { simulator, business } = stage;
    const { id } = simulator.addTemplate({ wabaId: business.wabaId, name: 'news' });
    const edit = (change: object) => stage.call('POST', `/v25.0/${id}`, change);
    expect(errorOf(await edit({ category: 'MARKETING' })).code).toBe(100);
    expect((await edit({ components: [body] })).status).toBe(200);
    expect(errorOf(await edit({ components: [body] })).code).toBe(100);
    simulator.setTemplateStatus(id, 'APPROVED');
    expect(errorOf(await edit({ components: [body] })).code).toBe(100);
    await clock.advance(86_400_000);
    expect((await edit({ components: [body] })).status).toBe(200);
    simulator.setTemplateStatus(id, 'REJECTED');
    expect((await edit({ category: 'MARKETING' })).status).toBe(200);
  });

  it('are listed page by page until next is missing', async () => {
    await using stage = await Stage.open();
    const { simulator, business } = stage;
    for (let i = 0; i < 7; i++) simulator.addTemplate({ wabaId: business.wabaId, name: `t${i}` });
    const names: string[] = [];
    let next: string | undefined =
      `${simulator.url}/v25.0/${business.wabaId}/message_templates?limit=3`;
    let pages = 0;
    while (next !== undefined) {
      const { json } = await stage.call('GET', next.slice(simulator.url.length));
      const page = json as { data: { name: string }[]; paging: { next?: string } };
      names.push(...page.data.map(({ name }) => name));
      next = page.paging.next;
      pages += 1;
    }
    expect([pages, names]).toEqual([3, ['t0', 't1', 't2', 't3', 't4', 't5', 't6']]);
  });

  it.each([
    ['a name in capitals', { name: 'Greeting' }],
    ['a category that is none', { category: 'NEWS' }],
    ['no body', { components: [{ type: 'FOOTER', text: 'x' }] }],
    [
      'one example of two variables',
      {
        components: [{ type: 'BODY', text: 'Hi {{1}} {{2}}', example: { body_text: [['Ani']] } }],
      },
    ],
    [
      'named variables in a positional template',
      {
        components: [
          {
            type: 'BODY',
            text: 'Hi {{who}}',
            example: { body_text_named_params: [{ param_name: 'who', example: 'Ani' }] },
          },
        ],
      },
    ],
    ['variables without an example', { components: [{ type: 'BODY', text: 'Hi {{1}}' }] }],
    [
      'a header that is too long',
      { components: [{ type: 'HEADER', format: 'TEXT', text: 'x'.repeat(61) }, body] },
    ],
    ['an unknown member', { colour: 'red' }],
  ])('with %s are refused with 100', async (_, change) => {
    await using stage = await Stage.open();
    const made = await stage.call('POST', `/v25.0/${stage.business.wabaId}/message_templates`, {
      name: 'greeting',
      language: 'en_US',
      category: 'UTILITY',
      components: [body],
      ...change,
    });
    expect([made.status, errorOf(made).code]).toEqual([400, 100]);
  });

  it.each([
    ['PENDING', 404, 132001],
    ['REJECTED', 404, 132001],
    ['PAUSED', 400, 132015],
    ['DISABLED', 400, 132016],
  ] as const)('that are %s are refused with HTTP %i and %i', async (state, status, code) => {
    await using stage = await Stage.open();
    const { simulator, business } = stage;
    simulator.addTemplate({ wabaId: business.wabaId, name: 'sale', status: state });
    const template = { name: 'sale', language: { code: 'en_US' } };
    const sent = await stage.send({ to: '628111000111', type: 'template', template });
    expect([sent.status, errorOf(sent).code]).toEqual([status, code]);
  });

  it('take named parameters, media headers and buttons, or say what is missing', async () => {
    await using stage = await Stage.open();
    const { simulator, business } = stage;
    simulator.addTemplate({
      wabaId: business.wabaId,
      name: 'rich',
      components: [
        { type: 'HEADER', format: 'IMAGE' },
        { type: 'BODY', text: 'Hi {{first_name}}' },
        { type: 'BUTTONS', buttons: [{ type: 'URL', text: 'Open', url: 'https://x.test/{{1}}' }] },
      ],
    });
    const header = {
      type: 'header',
      parameters: [{ type: 'image', image: { link: 'https://x.test/a.png' } }],
    };
    const named = {
      type: 'body',
      parameters: [{ type: 'text', parameter_name: 'first_name', text: 'Ani' }],
    };
    const button = {
      type: 'button',
      sub_type: 'url',
      index: '0',
      parameters: [{ type: 'text', text: '7' }],
    };
    const send = (...components: object[]) =>
      stage.send({
        to: '628111000111',
        type: 'template',
        template: { name: 'rich', language: { code: 'en_US' }, components },
      });
    expect((await send(header, named, button)).status).toBe(200);
    expect(simulator.messages[0]?.text).toBe('Hi Ani');
    expect(errorOf(await send(named, button)).code).toBe(132012);
    expect(errorOf(await send(header, named)).code).toBe(131008);
    expect(errorOf(await send(header, button)).code).toBe(132000);
    const unnamed = { type: 'body', parameters: [{ type: 'text', text: 'Ani' }] };
    expect(errorOf(await send(header, unnamed, button)).code).toBe(100);
  });
});
