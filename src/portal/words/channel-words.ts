/** What people call the channels. */
import type { Channel } from '../../domain/policy.ts';
import type { Text } from '../../domain/text.ts';

export const channelWords: Readonly<Record<Channel | '*', Text>> = {
  '*': { 'pt-BR': 'Todos os canais', en: 'All channels' },
  whatsapp: { 'pt-BR': 'WhatsApp', en: 'WhatsApp' },
  email: { 'pt-BR': 'E-mail', en: 'E-mail' },
  sms: { 'pt-BR': 'SMS', en: 'SMS' },
  push: { 'pt-BR': 'Aviso no celular', en: 'Push notification' },
  site: { 'pt-BR': 'No site', en: 'On the site' },
  app: { 'pt-BR': 'No aplicativo', en: 'In the app' },
  voice: { 'pt-BR': 'Ligação', en: 'Phone call' },
  ads: { 'pt-BR': 'Anúncios', en: 'Ads' },
  none: { 'pt-BR': 'Nos nossos sistemas', en: 'In our systems' },
};
