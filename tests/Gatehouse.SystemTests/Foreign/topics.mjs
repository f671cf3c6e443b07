// How the services of the food-delivery system read of users: node topics.mjs BROKER TOPIC... Prints all records up to now as JSON.
import { randomUUID } from "node:crypto";
import { Kafka, logLevel } from "kafkajs";

const [broker, ...topics] = process.argv.slice(2);
const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING });
const admin = kafka.admin();
await admin.connect();
const ends = new Map();
for (const topic of topics)
  for (const { partition, high } of await admin.fetchTopicOffsets(topic))
    if (Number(high) > 0) ends.set(`${topic}/${partition}`, Number(high));
const consumer = kafka.consumer({ groupId: randomUUID() });
const records = [];
if (ends.size > 0) {
  await consumer.connect();
  await consumer.subscribe({ topics, fromBeginning: true });
  await new Promise((resolve) =>
    consumer.run({
      eachMessage: async ({ topic, partition, message }) => {
        const place = `${topic}/${partition}`;
        if (!ends.has(place)) return;
        records.push({ topic, key: message.key.toString("latin1"), value: message.value.toString("latin1") });
        if (Number(message.offset) + 1 >= ends.get(place)) ends.delete(place);
        if (ends.size === 0) resolve();
      },
    }));
}
console.log(JSON.stringify(records));
process.exit(0);
