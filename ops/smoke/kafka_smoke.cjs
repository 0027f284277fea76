// KafkaJS at the Kafka door of a running Millrace: jobs and their results.
//
// usage: kafka_smoke.cjs PORTS_JSON TENANT   (with kafkajs and @kafkajs/confluent-schema-registry installed)
const assert = require('node:assert');
const fs = require('node:fs');
const { Kafka, logLevel } = require('kafkajs');
const { SchemaRegistry } = require('@kafkajs/confluent-schema-registry');

const JOBS = 20;
const WAIT_MS = 90_000;

async function main([portsFile, tenant]) {
  const ports = JSON.parse(fs.readFileSync(portsFile, 'utf8'));
  const registry = new SchemaRegistry({ host: `http://127.0.0.1:${ports.registry}/apis/ccompat/v7` });
  const kafka = new Kafka({ brokers: [`127.0.0.1:${ports.kafka}`], logLevel: logLevel.ERROR });
  const schema = await registry.getLatestSchemaId(`inbox.${tenant}-value`);
  const producer = kafka.producer();
  await producer.connect();
  const run = Date.now();
  const messages = [];
  for (let number = 0; number < JOBS; number++) {
    const body = JSON.stringify({ model: 'local/all-minilm-l6-v2', input: `the mill turns ${number}` });
    const value = await registry.encode(schema, {
      endpoint: '/v1/embeddings', body: { inline: Buffer.from(body), blob: null }, tier: 'DEFAULT',
      expiresAt: null, delivery: null, metadata: {},
    });
    messages.push({ key: `node-${run}-${number}`, value });
  }
  await producer.send({ topic: `inbox.${tenant}`, acks: -1, messages });
  await producer.disconnect();

  const found = new Map();
  const consumer = kafka.consumer({ groupId: `${tenant}.node-${run}` });
  await consumer.connect();
  await consumer.subscribe({ topic: `results.${tenant}`, fromBeginning: true });
  const all = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`only ${found.size} results`)), WAIT_MS).unref();
    consumer.run({
      eachMessage: async ({ message }) => {
        const key = String(message.key);
        if (!key.startsWith(`node-${run}-`)) return;
        assert(!found.has(key), `a second result for ${key}`);
        found.set(key, await registry.decode(message.value));
        if (found.size === JOBS) resolve();
      },
    }).catch(reject);
  });
  await all;
  await consumer.disconnect();
  for (const [key, result] of found) assert.equal(result.status, 'COMPLETED', `${key}: ${JSON.stringify(result.error)}`);
  console.log(`kafka: ${JOBS} jobs of KafkaJS answered once each`);
}

main(process.argv.slice(2)).then(() => process.exit(0), error => { console.error(error); process.exit(1); });
