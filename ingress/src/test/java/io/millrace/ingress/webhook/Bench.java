package io.millrace.ingress.webhook;

import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.ingress.control.Control;
import io.millrace.ingress.jobs.ViewExtension;
import io.millrace.ingress.submission.DeliveryLog;
import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.avro.BatchStatus;
import io.millrace.schemas.avro.ControlRecord;
import io.millrace.schemas.avro.DeadLetter;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobAccepted;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.avro.Tier;
import io.millrace.schemas.avro.TokenUsage;
import io.millrace.schemas.avro.WebhookDelivery;
import io.millrace.schemas.avro.WebhookEndpointState;
import io.millrace.schemas.avro.WebhookTarget;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.id.ViewPartition;
import io.millrace.schemas.serde.Codecs;
import io.millrace.schemas.topic.Topic;
import io.millrace.servicekit.http.InternalCredential;
import io.millrace.servicekit.kafka.Registry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/** One partition of webhooks with a log in memory, receivers of the test's choice and its clock. */
final class Bench implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    static final TenantId ACME = new TenantId("acme");

    private final Codecs codecs = codecs();
    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
    private final Map<String, ControlRecord> control = new ConcurrentHashMap<>();
    private final Map<String, JobsRecord> jobs = new HashMap<>();
    private final Map<String, InferenceResult> results = new HashMap<>();
    private final Map<String, WebhookDelivery> log = new ConcurrentHashMap<>();
    private final KeyValueStore<String, byte[]> store = memory();
    private final Object applying = new Object();
    private @Nullable WebhookService service;
    private ViewExtension.@Nullable Follower follower;

    final Queue<Post> sent = new ConcurrentLinkedQueue<>();
    final Queue<DeadLetter> letters = new ConcurrentLinkedQueue<>();
    final Queue<String> stopped = new ConcurrentLinkedQueue<>();

    /** Takes the partition, with those receivers. */
    void take(Carrier carrier) {
        WebhookService made =
                new WebhookService(
                        () -> new Control(control),
                        new Addressees(new Slots(1)),
                        codecs.webhookDeliveries(),
                        new Errands(
                                () -> new Control(control),
                                new Routes(
                                        new SecretVault(
                                                InternalCredential.of("0123456789".repeat(4)),
                                                new Random(5))),
                                post -> {
                                    sent.add(post);
                                    return carrier.carry(post);
                                },
                                new Log(),
                                (_, endpoint) -> stopped.add(endpoint),
                                new WebhookMeters(new SimpleMeterRegistry()),
                                now::get,
                                new Random(9)),
                        now::get);
        service = made;
        follower = made.follow(new ViewPartition(0), new BenchStores());
    }

    /** Loses the partition. */
    void lose() {
        follower().close();
    }

    void endpoint(String id, String url, EventType... types) {
        control.put(
                "webhook/acme/" + id,
                ControlRecord.newBuilder()
                        .setVersion(1)
                        .setManagedBy("api")
                        .setUpdatedAt(NOW)
                        .setWebhookEndpoint(
                                WebhookEndpointState.newBuilder()
                                        .setEndpointId(id)
                                        .setTenant("acme")
                                        .setName(id)
                                        .setUrl(url)
                                        .setEventTypes(
                                                List.of(types).stream()
                                                        .map(EventType::word)
                                                        .toList())
                                        .setCreatedAt(NOW)
                                        .build())
                        .build());
    }

    /** A job is seen to be accepted. */
    String accepted(int number, @Nullable WebhookTarget target) {
        String id = "job_00" + "%026d".formatted(number);
        JobsRecord record =
                JobsRecord.newBuilder()
                        .setJob(
                                JobAccepted.newBuilder()
                                        .setJobId(id)
                                        .setTenant("acme")
                                        .setKeyId("key_1")
                                        .setEndpoint("/v1/embeddings")
                                        .setModel("m")
                                        .setTier(Tier.DEFAULT)
                                        .setAcceptedAt(NOW)
                                        .setEventFamily("job")
                                        .setWebhook(target)
                                        .build())
                        .build();
        jobs.put(id, record);
        synchronized (applying) {
            follower().accepted(id, record);
        }
        return id;
    }

    /** A job is seen to end. */
    void ended(String id, JobStatus status) {
        ended(id, status, now.get());
    }

    void ended(String id, JobStatus status, Instant at) {
        InferenceResult result =
                InferenceResult.newBuilder()
                        .setJobId(id)
                        .setTenant("acme")
                        .setStatus(status)
                        .setEndpoint("/v1/embeddings")
                        .setModel("m")
                        .setUsage(new TokenUsage())
                        .setAcceptedAt(NOW)
                        .setCompletedAt(at)
                        .build();
        results.put(id, result);
        synchronized (applying) {
            follower().ended(new JobId(id), result);
        }
    }

    /** A batch is seen in a state. */
    void batch(String id, BatchStatus status, @Nullable WebhookTarget target) {
        BatchState state =
                BatchState.newBuilder()
                        .setBatchId(id)
                        .setTenant("acme")
                        .setKeyId("key_1")
                        .setEndpoint("/v1/embeddings")
                        .setInputFileId("file-1")
                        .setCompletionWindow("24h")
                        .setStatus(status)
                        .setCreatedAt(NOW)
                        .setExpiresAt(NOW.plusSeconds(60))
                        .setWebhook(target)
                        .build();
        synchronized (applying) {
            follower().accepted(id, JobsRecord.newBuilder().setBatch(state).build());
        }
    }

    void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    WebhookDelivery delivery(String subject) {
        return log.values().stream()
                .filter(each -> each.getSubjectId().equals(subject))
                .findFirst()
                .orElseThrow();
    }

    Map<String, WebhookDelivery> log() {
        return log;
    }

    DeliveryStore deliveries() {
        WebhookService made = service;
        if (made == null) {
            throw new IllegalStateException("not taken");
        }
        return made.store(new ViewPartition(0)).orElseThrow();
    }

    void again(WebhookDelivery delivery) {
        append(Course.again(delivery, now.get()));
    }

    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not in time");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    static WebhookTarget target(String url) {
        return WebhookTarget.newBuilder().setUrl(url).build();
    }

    @Override
    public void close() {
        lose();
        store.close();
    }

    private ViewExtension.Follower follower() {
        ViewExtension.Follower there = follower;
        if (there == null) {
            throw new IllegalStateException("not taken");
        }
        return there;
    }

    private void append(WebhookDelivery delivery) {
        synchronized (applying) {
            follower().read(delivery.getDeliveryId(), codecs.webhookDeliveries().encode(delivery));
            // what a test sees here is applied already
            log.put(delivery.getDeliveryId(), delivery);
        }
    }

    static Codecs codecs() {
        SchemaRegistryClient registry = new MockSchemaRegistryClient();
        Registry.register(registry, Topic.subjects());
        return Codecs.on(registry);
    }

    /** Returns a store in memory. */
    static KeyValueStore<String, byte[]> memory() {
        KeyValueStore<String, byte[]> made =
                Stores.keyValueStoreBuilder(
                                Stores.inMemoryKeyValueStore("shared"),
                                Serdes.String(),
                                Serdes.ByteArray())
                        .withLoggingDisabled()
                        .withCachingDisabled()
                        .build();
        made.init(new MockProcessorContext<>().getStateStoreContext(), made);
        return made;
    }

    /** What the view's stores hold. */
    private final class BenchStores implements ViewExtension.Stores {

        @Override
        public KeyValueStore<String, byte[]> get(String name) {
            throw new IllegalArgumentException("no store of its own: " + name);
        }

        @Override
        public KeyValueStore<String, byte[]> shared() {
            return store;
        }

        @Override
        public Optional<JobsRecord> record(String id) {
            return Optional.ofNullable(jobs.get(id));
        }

        @Override
        public boolean ended(String id) {
            return false;
        }

        @Override
        public Optional<InferenceResult> result(String id) {
            return Optional.ofNullable(results.get(id));
        }

        @Override
        public void emit(Topic topic, String key, byte[] value) {
            append(codecs.webhookDeliveries().decode(value));
        }
    }

    /** A log that is read at once. */
    private final class Log implements DeliveryLog {

        @Override
        public CompletableFuture<Long> delivery(ViewPartition partition, WebhookDelivery delivery) {
            append(delivery);
            return CompletableFuture.completedFuture(0L);
        }

        @Override
        public CompletableFuture<Long> forgetDelivery(ViewPartition partition, String id) {
            synchronized (applying) {
                follower().read(id, null);
                log.remove(id);
            }
            return CompletableFuture.completedFuture(0L);
        }

        @Override
        public CompletableFuture<Long> deadLetter(
                ViewPartition partition, String key, DeadLetter letter) {
            letters.add(letter);
            return CompletableFuture.completedFuture(0L);
        }
    }
}
