import type {
  InteractiveContent,
  MediaContent,
  MediaType,
  MessageContent,
  TemplateContent,
} from '@blazz/core';
import { asRaw } from '../../json/raw';

/** Changes one piece of media. */
export type MediaChange = (kind: MediaType, media: MediaContent) => Promise<MediaContent>;

const kinds: readonly MediaType[] = ['image', 'video', 'audio', 'document', 'sticker'];

/** Content with each of its media changed: its own, and what headers of templates and questions hold. */
export async function mapMedia(
  content: MessageContent,
  change: MediaChange,
): Promise<MessageContent> {
  switch (content.type) {
    case 'image':
      return { ...content, image: await change('image', content.image) };
    case 'video':
      return { ...content, video: await change('video', content.video) };
    case 'audio':
      return { ...content, audio: await change('audio', content.audio) };
    case 'document':
      return { ...content, document: await change('document', content.document) };
    case 'sticker':
      return { ...content, sticker: await change('sticker', content.sticker) };
    case 'template':
      return { ...content, template: await mapTemplate(content.template, change) };
    case 'interactive':
      return { ...content, interactive: await mapInteractive(content.interactive, change) };
    default:
      return content;
  }
}

async function mapTemplate(
  template: TemplateContent,
  change: MediaChange,
): Promise<TemplateContent> {
  if (template.components === undefined) return template;
  const components = template.components.map(async (component) => {
    if (component.parameters === undefined) return component;
    const parameters = component.parameters.map((parameter) => mapHolder(parameter, change));
    return { ...component, parameters: await Promise.all(parameters) };
  });
  return { ...template, components: await Promise.all(components) };
}

async function mapInteractive(
  interactive: InteractiveContent,
  change: MediaChange,
): Promise<InteractiveContent> {
  const { header } = interactive;
  return header === undefined
    ? interactive
    : { ...interactive, header: await mapHolder(header, change) };
}

/** `{type: "image", image: {…}}` and its like; anything else stays as it is. */
async function mapHolder<T extends Readonly<Record<string, unknown>>>(
  holder: T,
  change: MediaChange,
): Promise<T> {
  const kind = kinds.find((name) => name === holder.type);
  const media = kind === undefined ? undefined : holder[kind];
  if (kind === undefined || typeof media !== 'object' || media === null) return holder;
  const { mime_type: _, ...changed } = await change(kind, asRaw(media) as MediaContent);
  return { ...holder, [kind]: changed };
}
