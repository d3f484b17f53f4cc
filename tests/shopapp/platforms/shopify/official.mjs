// Shopify's own library for Node, driven over lines of JSON: it signs and checks as the original does.
// One line in ({"do": ..., ...}), one line out.
import readline from 'node:readline';

import '@shopify/shopify-api/adapters/node';
import { ApiVersion, shopifyApi } from '@shopify/shopify-api';
import { getHmac, getJwt } from '@shopify/shopify-api/test-helpers';

// How it signs queries is not exported, but it is the very function that its check uses.
const inside = '../../../../node_modules/@shopify/shopify-api/dist/esm/lib/utils/hmac-validator.mjs';
const { generateLocalHmac } = await import(new URL(inside, import.meta.url));

const libraries = new Map();

function library({ key, secret }) {
  const name = `${key} ${secret}`;
  if (!libraries.has(name)) {
    libraries.set(name, shopifyApi({
      apiKey: key,
      apiSecretKey: secret,
      apiVersion: Object.values(ApiVersion)[0],
      hostName: 'app.example',
      isEmbeddedApp: true,
      logger: { log: () => {} },
    }));
  }
  return libraries.get(name);
}

const deeds = {
  sign_webhook: async ({ body, secret }) => getHmac(body, secret),
  check_webhook: async (task) => {
    const headers = {
      'X-Shopify-Topic': 'orders/create',
      'X-Shopify-Hmac-Sha256': task.signature,
      'X-Shopify-Shop-Domain': 'exampleshop.myshopify.com',
      'X-Shopify-API-Version': '2026-10',
      'X-Shopify-Webhook-Id': 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
    };
    const rawRequest = { method: 'POST', url: '/hooks/shopify/', headers };
    const found = await library(task).webhooks.validate({ rawBody: task.body, rawRequest, rawResponse: {} });
    return found.valid;
  },
  sign_query: async ({ query, secret, signator }) =>
    generateLocalHmac({ apiSecretKey: secret })(query, signator),
  check_query: async (task) => {
    try {
      return await library(task).utils.validateHmac(task.query, { signator: task.signator });
    } catch {
      return false;
    }
  },
  sign_token: async ({ claims, key, secret }) => (await getJwt('exampleshop', key, secret, claims)).token,
  check_token: async (task) => {
    try {
      return (await library(task).session.decodeSessionToken(task.token)).sub;
    } catch {
      return '';
    }
  },
  shop: async (task) => library(task).utils.sanitizeShop(task.shop) ?? '',
};

for await (const line of readline.createInterface({ input: process.stdin })) {
  const task = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(await deeds[task.do](task))}\n`);
}
