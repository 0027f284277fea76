package io.millrace.standalone.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Events of jobs and batches on their way to receivers, from two ingresses of which one dies. */
@Timeout(300)
final class WebhookIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String OWN_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    @TempDir private static Path folder;
    private static Cluster cluster;
    private static MillraceProcess second;
    private static Api one;
    private static Api other;

    @BeforeAll
    static void start() {
        cluster = Cluster.start(folder);
        MillraceProcess first = cluster.begin("ingress", "ingress-1");
        second = cluster.begin("ingress", "ingress-2");
        cluster.ready(first, second, cluster.begin("dispatcher", "dispatcher"));
        one = cluster.api(first);
        other = cluster.api(second);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void jobsAndBatchesAreToldSignedAndAgainUntilTheyAreTaken() {
        AtomicInteger refusals = new AtomicInteger(1);
        try (Receiver wished = Receiver.start(_ -> refusals.getAndDecrement() > 0 ? 500 : 204);
                Receiver registered = Receiver.start(_ -> 200)) {
            // Given
            JsonNode endpoint = register(registered, "[\"job.completed\", \"batch.completed\"]");

            // When
            String job =
                    submit(
                            one,
                            "{\"url\": \"%s\", \"secret\": \"%s\"}"
                                    .formatted(wished.url(), OWN_SECRET));
            String batch = batch(other, wished.url());

            // Then
            Await.until("both events", SOON, () -> taken(registered, job, batch));
            Await.until(
                    "both again", SOON, () -> wished.of(job).size() + wished.of(batch).size() == 3);
            assertThat(registered.of(job))
                    .hasSize(1)
                    .allSatisfy(came -> {
                        assertThat(came.type()).isEqualTo("job.completed");
                        assertThat(came.signedBy(endpoint.path("signing_secret").asText()))
                                .isTrue();
                    });
            assertThat(wished.of(job)).allMatch(came -> came.signedBy(OWN_SECRET));
            assertThat(wished.of(job))
                    .extracting(Receiver.Came::id)
                    .containsOnly(registered.of(job).getFirst().id());
            assertThat(wished.of(batch))
                    .extracting(Receiver.Came::type)
                    .containsOnly("batch.completed");
            // a line of a batch tells nobody
            assertThat(registered.came())
                    .extracting(Receiver.Came::subject)
                    .containsOnly(job, batch);
            forget(endpoint);
        }
    }

    @Test
    void eventArrivesThoughItsSenderIsKilled() {
        CountDownLatch dead = new CountDownLatch(1);
        try (Receiver receiver = Receiver.start(_ -> dead.getCount() == 0 ? 200 : 503)) {
            // Given
            List<String> jobs = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                jobs.add(
                        submit(
                                i % 2 == 0 ? one : other,
                                "{\"url\": \"%s\"}".formatted(receiver.url())));
            }
            Await.until("first tries", SOON, () -> receiver.came().size() >= 2);

            // When
            second.kill();
            dead.countDown();

            // Then
            for (String job : jobs) {
                Await.until("event of " + job, SOON, () -> receiver.of(job).stream().count() >= 1);
            }
            Await.until("all taken", SOON, () -> delivered("default", jobs));
            for (String job : jobs) {
                assertThat(receiver.of(job))
                        .extracting(Receiver.Came::id)
                        .containsOnly(receiver.of(job).getFirst().id());
            }
            second = cluster.begin("ingress", "ingress-2").ready();
            other = cluster.api(second);
        }
    }

    @Test
    void slowReceiverDelaysNoOtherAndOneThatIsGoneIsStopped() {
        CountDownLatch end = new CountDownLatch(1);
        try (Receiver slow = Receiver.start(_ -> waited(end));
                Receiver quick = Receiver.start(_ -> 200);
                Receiver gone = Receiver.start(_ -> 410)) {
            // Given
            JsonNode late = register(slow, "[\"job.completed\"]");
            JsonNode soon = register(quick, "[\"job.completed\"]");
            JsonNode never = register(gone, "[\"job.completed\"]");

            // When
            List<String> jobs = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                jobs.add(one.submit("fast", "x" + i).id());
            }

            // Then
            for (String job : jobs) {
                Await.until("event of " + job, SOON, () -> !quick.of(job).isEmpty());
            }
            assertThat(slow.came()).hasSizeLessThan(jobs.size());
            Await.until("stopped", SOON, () -> !show(never).path("enabled").asBoolean());
            assertThat(show(never).path("disabled_reason").asText()).isEqualTo("gone");
            end.countDown();
            Await.until("the slow one too", SOON, () -> slow.came().size() >= jobs.size());
            forget(late);
            forget(soon);
            forget(never);
        } finally {
            end.countDown();
        }
    }

    @Test
    void eventIsSentAgainOnWishAndBothSecretsSignWhileOneRotates() {
        try (Receiver receiver = Receiver.start(_ -> 200)) {
            // Given
            JsonNode endpoint = register(receiver, "[\"job.completed\"]");
            String id = endpoint.path("id").asText();
            String job = other.submit("fast", "x").id();
            Await.until("the event", SOON, () -> receiver.of(job).size() == 1);
            Await.until("that it is listed", SOON, () -> delivered(id, List.of(job)));
            String delivery = deliveries(id).path(0).path("id").asText();

            // When
            JsonNode rotated =
                    one.post(
                                    "/v1/webhook_endpoints/" + id + "/rotate_secret",
                                    "{\"keep_old_secret_active_for_24_hours\": true}")
                            .json();
            Await.until(
                    "the new secret",
                    SOON,
                    () ->
                            show(other, endpoint)
                                    .path("signing_secret_hint")
                                    .equals(rotated.path("signing_secret_hint")));
            assertThat(other.post("/v1/webhook_deliveries/" + delivery + "/redeliver", "").status())
                    .isEqualTo(200);
            Await.until("the event again", SOON, () -> receiver.of(job).size() == 2);

            // Then
            Receiver.Came again = receiver.of(job).getLast();
            assertThat(again.id()).isEqualTo(receiver.of(job).getFirst().id());
            assertThat(again.signedBy(rotated.path("signing_secret").asText())).isTrue();
            assertThat(again.signedBy(endpoint.path("signing_secret").asText())).isTrue();
            assertThat(
                            one.with(Cluster.OTHER_KEY)
                                    .get("/v1/webhook_deliveries/" + delivery)
                                    .status())
                    .isEqualTo(404);
            JsonNode test =
                    one.post(
                                    "/v1/webhook_endpoints/" + id + "/test",
                                    "{\"event_type\": \"batch.failed\"}")
                            .json();
            assertThat(test.path("success").asBoolean()).isTrue();
            assertThat(test.path("status_code").asInt()).isEqualTo(200);
            forget(endpoint);
            assertThat(one.get("/v1/webhook_endpoints/" + id).status()).isEqualTo(404);
        }
    }

    @Test
    void whatIsNoAddressForEventsIsRefusedByTheNameOfItsField() {
        for (String url :
                List.of(
                        "http://169.254.169.254/latest",
                        "http://1.1.1.1/",
                        "https://[::ffff:169.254.1.1]/",
                        "ftp://127.0.0.1/",
                        "https://224.0.0.1/")) {
            Api.Answer job = job(one, "{\"url\": \"%s\"}".formatted(url));
            assertThat(job.status()).as(url).isEqualTo(400);
            assertThat(job.json().path("error").path("param").asText()).isEqualTo("webhook.url");
            Api.Answer endpoint =
                    one.post(
                            "/v1/webhook_endpoints",
                            "{\"url\": \"%s\", \"event_types\": [\"job.failed\"]}".formatted(url));
            assertThat(endpoint.status()).as(url).isEqualTo(400);
            assertThat(endpoint.json().path("error").path("param").asText()).isEqualTo("url");
        }
        Api.Answer types =
                one.post(
                        "/v1/webhook_endpoints",
                        "{\"url\": \"https://example.com/\", \"event_types\": [\"job.done\"]}");
        assertThat(types.json().path("error").path("param").asText()).isEqualTo("event_types");
        assertThat(
                        job(one, "{\"url\": \"https://example.com/\", \"events\": [\"x\"]}")
                                .json()
                                .path("error")
                                .path("param")
                                .asText())
                .isEqualTo("webhook.events");
        assertThat(one.with(Cluster.OTHER_KEY).post("/v1/webhook_endpoints", "{}").status())
                .isEqualTo(403);
        assertThat(one.get("/v1/webhook_event_types").json().path("data")).hasSize(17);
    }

    private static int waited(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 200;
    }

    private static boolean taken(Receiver receiver, String... subjects) {
        for (String subject : subjects) {
            if (receiver.of(subject).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private static JsonNode register(Receiver receiver, String types) {
        Api.Answer made =
                one.post(
                        "/v1/webhook_endpoints",
                        "{\"name\": \"mine\", \"url\": \"%s\", \"event_types\": %s}"
                                .formatted(receiver.url(), types));
        assertThat(made.status()).as(made.body()).isEqualTo(200);
        JsonNode endpoint = made.json();
        Await.until("it is known everywhere", SOON, () -> show(other, endpoint).has("url"));
        return endpoint;
    }

    private static void forget(JsonNode endpoint) {
        Api.Answer gone = one.delete("/v1/webhook_endpoints/" + endpoint.path("id").asText());
        assertThat(gone.json().path("object").asText()).isEqualTo("webhook_endpoint.deleted");
    }

    private static JsonNode show(JsonNode endpoint) {
        return show(one, endpoint);
    }

    private static JsonNode show(Api api, JsonNode endpoint) {
        return api.get("/v1/webhook_endpoints/" + endpoint.path("id").asText()).json();
    }

    private static JsonNode deliveries(String endpoint) {
        return one.get("/v1/webhook_endpoints/" + endpoint + "/deliveries?limit=100")
                .json()
                .path("data");
    }

    private static boolean delivered(String endpoint, List<String> subjects) {
        List<String> done = new ArrayList<>();
        deliveries(endpoint)
                .forEach(each -> {
                    if (each.path("status").asText().equals("delivered")) {
                        done.add(each.path("data").path("id").asText());
                    }
                });
        return done.containsAll(subjects);
    }

    private static Api.Answer job(Api api, String webhook) {
        return api.post(
                "/v1/jobs",
                """
                {"endpoint": "/v1/chat/completions", "webhook": %s,
                 "body": {"model": "fast", "messages": [{"role": "user", "content": "x"}]}}
                """
                        .formatted(webhook));
    }

    private static String submit(Api api, String webhook) {
        return job(api, webhook).id();
    }

    private static String batch(Api api, String url) {
        return api.post(
                        "/v1/batches",
                        """
                        {"endpoint": "/v1/chat/completions", "completion_window": "24h",
                         "webhook": {"url": "%s", "events": ["batch.completed"]},
                         "requests": [{"custom_id": "a", "body": {"model": "fast",
                           "messages": [{"role": "user", "content": "x"}]}}]}
                        """
                                .formatted(url))
                .id();
    }
}
