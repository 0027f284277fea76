package io.millrace.ingress.webhook;

import static io.millrace.ingress.files.TestDoor.ADMIN;
import static io.millrace.ingress.files.TestDoor.OTHER_ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.ingress.control.Control;
import io.millrace.ingress.control.ControlWriter;
import io.millrace.ingress.control.EndpointChanges;
import io.millrace.ingress.files.MemoryView;
import io.millrace.ingress.files.TestDoor;
import io.millrace.ingress.http.Bodies;
import io.millrace.ingress.http.SlowBodies;
import io.millrace.ingress.submission.DeliveryLog;
import io.millrace.schemas.avro.ControlRecord;
import io.millrace.schemas.avro.DeadLetter;
import io.millrace.schemas.avro.DeliveryStatus;
import io.millrace.schemas.avro.WebhookDelivery;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.id.ViewPartition;
import io.millrace.servicekit.http.InternalCredential;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointRoutesTest {

    private static final String ENDPOINTS = "/v1/webhook_endpoints";
    private static final String WISH =
            "{\"name\": \"mine\", \"url\": \"https://hook.example/a\","
                    + " \"event_types\": [\"batch.completed\", \"job.failed\"]}";
    private static final String DELIVERY = "whd_00" + "0".repeat(25);

    private final Map<String, ControlRecord> control = new ConcurrentHashMap<>();
    private final AtomicReference<Instant> now = new AtomicReference<>(Bench.NOW);
    private final List<Post> sent = new ArrayList<>();
    private final List<WebhookDelivery> written = new ArrayList<>();
    private final AtomicReference<Answer> answer = new AtomicReference<>(Answer.of(200));
    private final SlowBodies slow = new SlowBodies(Duration.ofSeconds(10));
    private final Resolver resolver = new Resolver(EndpointRoutesTest::addresses);
    private final DeliveryStore store =
            new DeliveryStore(Bench.memory(), Bench.codecs().webhookDeliveries());
    private final TestDoor door = door();

    @AfterEach
    void close() {
        door.close();
        slow.close();
        resolver.close();
    }

    @Test
    void endpointIsMadeAndShowsItsSecretThisOnce() {
        // When
        TestDoor.Answer made = post("", WISH);

        // Then
        assertThat(made.status()).isEqualTo(200);
        JsonNode json = made.json();
        assertThat(json.path("id").asText()).matches("whe_[0-9a-f]{32}");
        assertThat(json.path("object").asText()).isEqualTo("webhook_endpoint");
        assertThat(json.path("created_at").asLong()).isEqualTo(Bench.NOW.getEpochSecond());
        assertThat(json.path("updated_at").asLong()).isEqualTo(Bench.NOW.getEpochSecond());
        assertThat(json.path("name").asText()).isEqualTo("mine");
        assertThat(json.path("url").asText()).isEqualTo("https://hook.example/a");
        assertThat(json.path("event_types")).hasToString("[\"batch.completed\",\"job.failed\"]");
        assertThat(json.path("enabled").asBoolean()).isTrue();
        String secret = json.path("signing_secret").asText();
        assertThat(SigningSecret.parse(secret)).isPresent();
        assertThat(secret).endsWith(json.path("signing_secret_hint").asText().substring(7));
        JsonNode shown = get("/" + id(made)).json();
        assertThat(shown.has("signing_secret")).isFalse();
        assertThat(shown.path("signing_secret_hint")).isEqualTo(json.path("signing_secret_hint"));
        assertThat(control.values().toString()).doesNotContain(secret.substring(6));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"event_types\": [\"job.failed\"]} | url | missing_required_parameter",
                "{\"url\": \"https://hook.example/\"} | event_types | missing_required_parameter",
                "{\"url\": 7, \"event_types\": [\"job.failed\"]} | url | invalid_value",
                "{\"url\": \"http://hook.example/\", \"event_types\": [\"job.failed\"]} | url |"
                        + " invalid_value",
                "{\"url\": \"https://inner.example/\", \"event_types\": [\"job.failed\"]} | url |"
                        + " invalid_value",
                "{\"url\": \"https://169.254.169.254/\", \"event_types\": [\"job.failed\"]} | url |"
                        + " invalid_value",
                "{\"url\": \"https://hook.example/\", \"event_types\": []} | event_types |"
                        + " invalid_value",
                "{\"url\": \"https://hook.example/\", \"event_types\": [\"job.done\"]} |"
                        + " event_types | invalid_value",
                "{\"url\": \"https://hook.example/\", \"event_types\": [7]} | event_types |"
                        + " invalid_value",
                "{\"url\": \"https://hook.example/\", \"event_types\": [\"job.failed\"], \"name\":"
                        + " \"\"} | name | invalid_value",
                "{\"url\": \"https://hook.example/\", \"event_types\": [\"job.failed\"],"
                        + " \"enabled\": \"no\"} | enabled | invalid_type",
                "{\"url\": \"https://hook.example/\", \"event_types\": [\"job.failed\"],"
                        + " \"tenant\": \"other\"} | tenant | unknown_parameter"
            })
    void wrongWishIsRefusedByTheNameOfItsField(String body, String param, String code) {
        TestDoor.Answer refused = post("", body);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.errorParam()).isEqualTo(param);
        assertThat(refused.errorCode()).isEqualTo(code);
        assertThat(control).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "7", "{", "{\"a\": 1} x", "\"x\""})
    void whatIsNoObjectIsRefused(String body) {
        assertThat(post("", body).status()).isEqualTo(400);
    }

    @Test
    void hostThatNobodyKnowsYetMayBeNamed() {
        assertThat(
                        post(
                                        "",
                                        "{\"url\": \"https://later.example/\","
                                                + " \"event_types\": [\"job.failed\"]}")
                                .status())
                .isEqualTo(200);
    }

    @Test
    void listsAreNewestFirstAndGoOnAfterACursor() {
        // Given
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ids.addFirst(id(post("", WISH)));
            now.updateAndGet(before -> before.plusSeconds(1));
        }

        // Then
        JsonNode first = get("?limit=2").json();
        assertThat(first.path("object").asText()).isEqualTo("list");
        assertThat(listed(first)).isEqualTo(ids.subList(0, 2));
        assertThat(first.path("first_id").asText()).isEqualTo(ids.get(0));
        assertThat(first.path("last_id").asText()).isEqualTo(ids.get(1));
        assertThat(first.path("has_more").asBoolean()).isTrue();
        JsonNode second = get("?limit=2&after=" + ids.get(1)).json();
        assertThat(listed(second)).containsExactly(ids.get(2));
        assertThat(second.path("has_more").asBoolean()).isFalse();
        assertThat(listed(get("?order=asc").json())).isEqualTo(ids.reversed());
        assertThat(listed(get("?after=whe_unknown").json())).isEmpty();
        assertThat(get("?limit=0").errorParam()).isEqualTo("limit");
        assertThat(get("?order=up").errorParam()).isEqualTo("order");
    }

    @Test
    void updateChangesWhatItNamesAndOneOfNothingChangesNothing() {
        String id = id(post("", WISH));
        now.updateAndGet(before -> before.plusSeconds(5));

        JsonNode same = post("/" + id, "{\"name\": \"mine\"}").json();
        JsonNode other =
                post(
                                "/" + id,
                                "{\"url\": \"https://other.example/\", \"event_types\":"
                                        + " [\"job.completed\"], \"enabled\": false}")
                        .json();

        assertThat(same.path("updated_at").asLong()).isEqualTo(Bench.NOW.getEpochSecond());
        assertThat(other.path("updated_at").asLong())
                .isEqualTo(Bench.NOW.plusSeconds(5).getEpochSecond());
        assertThat(other.path("name").asText()).isEqualTo("mine");
        assertThat(other.path("url").asText()).isEqualTo("https://other.example/");
        assertThat(other.path("event_types")).hasToString("[\"job.completed\"]");
        assertThat(other.path("enabled").asBoolean()).isFalse();
        assertThat(other.has("signing_secret")).isFalse();
        assertThat(post("/" + id, "{\"enabled\": true}").json().has("disabled_reason")).isFalse();
        assertThat(post("/" + id, "{\"url\": \"https://10.0.0.1/\"}").errorParam())
                .isEqualTo("url");
        assertThat(post("/" + id, "{\"secret_number\": 3}").errorCode())
                .isEqualTo("unknown_parameter");
    }

    @Test
    void deletedEndpointIsGone() {
        String id = id(post("", WISH));

        JsonNode deleted = door.send("DELETE", ENDPOINTS + "/" + id, ADMIN).json();

        assertThat(deleted)
                .hasToString(
                        "{\"id\":\"%s\",\"object\":\"webhook_endpoint.deleted\",\"deleted\":true}"
                                .formatted(id));
        assertThat(get("/" + id).status()).isEqualTo(404);
        assertThat(door.send("DELETE", ENDPOINTS + "/" + id, ADMIN).status()).isEqualTo(404);
        assertThat(listed(get("").json())).isEmpty();
    }

    @Test
    void rotationShowsAnotherSecretAndLetsTheOldOneSignForADayIfWished() {
        // Given
        JsonNode made = post("", WISH).json();
        String id = made.path("id").asText();

        // When
        JsonNode both =
                post("/" + id + "/rotate_secret", "{\"keep_old_secret_active_for_24_hours\": true}")
                        .json();
        post("/" + id + "/test", "{\"event_type\": \"job.failed\"}");
        now.updateAndGet(before -> before.plus(Duration.ofHours(25)));
        post("/" + id + "/test", "{\"event_type\": \"job.failed\"}");

        // Then
        assertThat(both.path("object").asText()).isEqualTo("webhook_endpoint");
        assertThat(sent.get(0).signatures())
                .containsExactly(signature(both, sent.get(0)), signature(made, sent.get(0)));
        assertThat(sent.get(1).signatures()).containsExactly(signature(both, sent.get(1)));
        JsonNode alone = post("/" + id + "/rotate_secret", "").json();
        post("/" + id + "/test", "{\"event_type\": \"job.failed\"}");
        assertThat(sent.get(2).signatures()).containsExactly(signature(alone, sent.get(2)));
        assertThat(
                        post(
                                        "/" + id + "/rotate_secret",
                                        "{\"keep_old_secret_active_for_24_hours\": \"yes\"}")
                                .errorParam())
                .isEqualTo("keep_old_secret_active_for_24_hours");
    }

    @Test
    void defaultEndpointHasNothingButASecretAndDeliveries() {
        JsonNode rotated = post("/default/rotate_secret", "{}").json();

        assertThat(SigningSecret.parse(rotated.path("signing_secret").asText())).isPresent();
        assertThat(post("/default/rotate_secret", "{}").json().path("signing_secret"))
                .isNotEqualTo(rotated.path("signing_secret"));
        assertThat(get("/default").status()).isEqualTo(404);
        assertThat(door.send("DELETE", ENDPOINTS + "/default", ADMIN).status()).isEqualTo(404);
        assertThat(listed(get("").json())).isEmpty();
        assertThat(get("/default/deliveries").json().path("data")).isEmpty();
    }

    @Test
    void trialTellsWhatTheReceiverAnswered() {
        String id = id(post("", WISH));
        String wish = "{\"event_type\": \"batch.failed\"}";

        answer.set(Answer.of(500));
        assertThat(post("/" + id + "/test", wish).json())
                .hasToString(
                        "{\"object\":\"webhook_endpoint.test\",\"webhook_endpoint_id\":\"%s\","
                                        .formatted(id)
                                + "\"event_type\":\"batch.failed\",\"status_code\":500,"
                                + "\"success\":true}");
        assertThat(new String(sent.getFirst().body(), StandardCharsets.UTF_8))
                .contains("\"type\":\"batch.failed\"");

        answer.set(Answer.none("timeout"));
        TestDoor.Answer none = post("/" + id + "/test", wish);
        assertThat(none.status()).isEqualTo(400);
        assertThat(none.errorCode()).isEqualTo("endpoint_not_reached");

        assertThat(post("/" + id + "/test", "{}").errorParam()).isEqualTo("event_type");
        assertThat(post("/" + id + "/test", "{\"event_type\": \"x\"}").errorParam())
                .isEqualTo("event_type");
        assertThat(post("/" + id + "/test", "{\"url\": \"x\"}").errorCode())
                .isEqualTo("unknown_parameter");
    }

    @Test
    void tenantHasABoundedNumberOfEndpoints() {
        for (int i = 0; i < 3; i++) {
            post("", WISH);
        }

        assertThat(post("", WISH).errorCode()).isEqualTo("too_many_endpoints");
        assertThat(send(OTHER_ADMIN, "POST", "", WISH).status()).isEqualTo(200);
    }

    @Test
    void foreignAndUnknownEndpointsAnswerAlike() {
        String id = id(post("", WISH));
        for (String path : List.of("/" + id, "/whe_0", "/" + "x".repeat(65), "/..%2Fx")) {
            for (String[] call :
                    List.of(
                            new String[] {"GET", "", ""},
                            new String[] {"POST", "", "{}"},
                            new String[] {"DELETE", "", ""},
                            new String[] {"POST", "/rotate_secret", ""},
                            new String[] {"POST", "/test", "{\"event_type\": \"job.failed\"}"},
                            new String[] {"GET", "/deliveries", ""})) {
                assertThat(send(OTHER_ADMIN, call[0], path + call[1], call[2]).status())
                        .as("%s %s%s", call[0], path, call[1])
                        .isEqualTo(404);
            }
        }
        assertThat(get("/" + id).status()).isEqualTo(200);
    }

    @Test
    void whoMayOnlyReadMayOnlyRead() {
        String id = id(post("", WISH));

        assertThat(send(TestDoor.READER, "GET", "/" + id, "").status()).isEqualTo(200);
        assertThat(send(TestDoor.READER, "GET", "", "").status()).isEqualTo(200);
        assertThat(send(TestDoor.READER, "POST", "", WISH).status()).isEqualTo(403);
        assertThat(send(TestDoor.READER, "POST", "/" + id, "{}").status()).isEqualTo(403);
        assertThat(send(TestDoor.READER, "DELETE", "/" + id, "").status()).isEqualTo(403);
        assertThat(send(TestDoor.READER, "POST", "/default/rotate_secret", "").status())
                .isEqualTo(403);
        assertThat(send("sk-nobody-0123456789abcdef", "GET", "", "").status()).isEqualTo(401);
    }

    @Test
    void deliveriesAreListedByPagesAndNoCursorLeadsToThoseOfOthers() {
        // Given
        for (int i = 0; i < 3; i++) {
            delivered(DELIVERY + i, "acme", "default", i);
        }
        delivered(DELIVERY + "8", "aaaa", "default", 1);
        delivered(DELIVERY + "9", "other", "default", 1);

        // Then
        JsonNode first = get("/default/deliveries?limit=2").json();
        assertThat(listed(first)).containsExactly(DELIVERY + "2", DELIVERY + "1");
        assertThat(first.path("has_more").asBoolean()).isTrue();
        assertThat(listed(get("/default/deliveries?limit=2&after=" + DELIVERY + "1").json()))
                .containsExactly(DELIVERY + "0");
        assertThat(listed(get("/default/deliveries?order=asc&after=" + DELIVERY + "0").json()))
                .containsExactly(DELIVERY + "1", DELIVERY + "2");
        for (String foreign : List.of(DELIVERY + "8", DELIVERY + "9", "whd_x")) {
            assertThat(listed(get("/default/deliveries?after=" + foreign).json())).isEmpty();
            assertThat(listed(get("/default/deliveries?order=asc&after=" + foreign).json()))
                    .isEmpty();
        }
    }

    @Test
    void deliveryIsShownAndSentAgainOnlyForItsTenant() {
        delivered(DELIVERY + "0", "acme", "default", 0);
        String path = "/v1/webhook_deliveries/" + DELIVERY + "0";

        JsonNode shown = door.send("GET", path, ADMIN).json();
        JsonNode again = door.send("POST", path + "/redeliver", ADMIN).json();

        assertThat(shown.path("object").asText()).isEqualTo("webhook_delivery");
        assertThat(shown.path("status").asText()).isEqualTo("delivered");
        assertThat(shown.path("event_type").asText()).isEqualTo("job.completed");
        assertThat(again.path("status").asText()).isEqualTo("pending");
        assertThat(written)
                .singleElement()
                .satisfies(delivery -> {
                    assertThat(delivery.getResends()).isEqualTo(1);
                    assertThat(delivery.getDueAt()).isEqualTo(Bench.NOW);
                });
        assertThat(door.send("GET", path, OTHER_ADMIN).status()).isEqualTo(404);
        assertThat(door.send("POST", path + "/redeliver", OTHER_ADMIN).status()).isEqualTo(404);
        assertThat(door.send("POST", path + "/redeliver", TestDoor.READER).status()).isEqualTo(403);
        assertThat(door.send("GET", "/v1/webhook_deliveries/whd_x", ADMIN).status()).isEqualTo(404);
    }

    @Test
    void typesAreThoseOfTheContract() {
        JsonNode types = door.send("GET", "/v1/webhook_event_types", ADMIN).json();

        assertThat(types.path("object").asText()).isEqualTo("list");
        assertThat(types.path("data"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrder(
                        "job.completed",
                        "job.failed",
                        "job.cancelled",
                        "job.expired",
                        "job.outcome_unknown",
                        "response.completed",
                        "response.failed",
                        "response.cancelled",
                        "response.incomplete",
                        "batch.completed",
                        "batch.failed",
                        "batch.cancelled",
                        "batch.expired",
                        "quota.warning",
                        "quota.exceeded",
                        "budget.warning",
                        "budget.exhausted");
    }

    private TestDoor door() {
        SecretVault vault =
                new SecretVault(InternalCredential.of("0123456789".repeat(4)), new Random(5));
        Routes routes = new Routes(vault);
        Deliveries deliveries =
                new Deliveries(
                        new MemoryView(),
                        _ -> Optional.of(store),
                        new Log(),
                        new Slots(1),
                        now::get);
        EndpointDesk desk =
                new EndpointDesk(
                        () -> new Control(control),
                        new EndpointChanges(
                                this::change,
                                (saying, _) -> saying.test(new Control(control)),
                                now::get),
                        new WishCheck(new AddressRule(false), resolver, vault),
                        3,
                        now::get,
                        new Random(7));
        Trial trial =
                new Trial(
                        routes,
                        post -> {
                            sent.add(post);
                            return answer.get();
                        },
                        now::get,
                        new Random(9));
        return new TestDoor(
                Map.of(
                        ENDPOINTS,
                        new EndpointRoutes(
                                TestDoor.authentication(),
                                new Bodies(10_000, 100_000, slow),
                                desk,
                                routes,
                                trial,
                                deliveries),
                        "/v1/webhook_deliveries",
                        new DeliveryRoutes(TestDoor.authentication(), deliveries),
                        "/v1/webhook_event_types",
                        new EventTypeRoutes(TestDoor.authentication())));
    }

    private void change(boolean look, ControlWriter.Decision decision) {
        decision.apply(Map.copyOf(control))
                .forEach((key, record) ->
                        record.ifPresentOrElse(
                                state -> control.put(key, state), () -> control.remove(key)));
    }

    private static InetAddress[] addresses(String name) throws UnknownHostException {
        return switch (name) {
            case "hook.example", "other.example" ->
                    new InetAddress[] {InetAddress.ofLiteral("8.8.8.8")};
            case "inner.example" ->
                    new InetAddress[] {
                        InetAddress.ofLiteral("8.8.8.8"), InetAddress.ofLiteral("10.0.0.1")
                    };
            default -> throw new UnknownHostException(name);
        };
    }

    private void delivered(String id, String tenant, String endpoint, int second) {
        store.put(
                WebhookDelivery.newBuilder()
                        .setDeliveryId(id)
                        .setTenant(tenant)
                        .setEndpointId(endpoint)
                        .setEventId("evt_1")
                        .setEventType("job.completed")
                        .setSubjectId("job_1")
                        .setHappenedAt(Bench.NOW.plusSeconds(second))
                        .setStatus(DeliveryStatus.DELIVERED)
                        .setEndedAt(Bench.NOW.plusSeconds(second))
                        .build());
    }

    private static String signature(JsonNode endpoint, Post post) {
        return SigningSecret.parse(endpoint.path("signing_secret").asText())
                .orElseThrow()
                .sign(post.id(), post.timestamp(), post.body());
    }

    private static List<String> listed(JsonNode list) {
        List<String> ids = new ArrayList<>();
        list.path("data").forEach(each -> ids.add(each.path("id").asText()));
        return ids;
    }

    private static String id(TestDoor.Answer made) {
        return made.json().path("id").asText();
    }

    private TestDoor.Answer get(String path) {
        return door.send("GET", ENDPOINTS + path, ADMIN);
    }

    private TestDoor.Answer post(String path, String body) {
        return send(ADMIN, "POST", path, body);
    }

    private TestDoor.Answer send(String key, String method, String path, String body) {
        return door.send(
                method,
                ENDPOINTS + path,
                key,
                body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    }

    /** A log that keeps what is written to it. */
    private final class Log implements DeliveryLog {

        @Override
        public CompletableFuture<Long> delivery(ViewPartition partition, WebhookDelivery delivery) {
            written.add(delivery);
            return CompletableFuture.completedFuture(0L);
        }

        @Override
        public CompletableFuture<Long> forgetDelivery(ViewPartition partition, String id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Long> deadLetter(
                ViewPartition partition, String key, DeadLetter letter) {
            throw new UnsupportedOperationException();
        }
    }
}
