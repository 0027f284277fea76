package io.millrace.ingress.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.millrace.ingress.control.Control;
import io.millrace.schemas.avro.ControlRecord;
import io.millrace.schemas.avro.KeyState;
import io.millrace.schemas.avro.ModelQuota;
import io.millrace.schemas.avro.RateLeft;
import io.millrace.schemas.avro.TenantState;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.id.TenantId;
import io.millrace.servicekit.http.HttpDefaults;
import io.millrace.servicekit.http.InternalCredential;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an accepted job's client is told of its minute. */
class OwnersRatesTest {

    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId UMBRA = new TenantId("umbra");
    private static final String MODEL = "meta/m";

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final WebServer server =
            HttpDefaults.server("127.0.0.1", 0)
                    .routing(
                            HttpRouting.builder()
                                    .get(
                                            "/internal/rates/{asked}",
                                            (request, answer) -> {
                                                asked.add(
                                                        request.path()
                                                                .pathParameters()
                                                                .get("asked"));
                                                answer.send(
                                                        """
                                                        {"requests": {"limit": 100, "remaining": 7,
                                                                      "reset_ms": 30000}}
                                                        """);
                                            }))
                    .build()
                    .start();
    private final int port = server.port();
    private final OwnerClient client =
            new OwnerClient(
                    _ -> Optional.of(URI.create("http://127.0.0.1:" + port)),
                    new Slots(16),
                    InternalCredential.of("0123456789".repeat(4)));
    private final Control control =
            new Control(
                    Map.of(
                            "tenant/acme",
                            entry().setTenant(tenant("acme").setRequestsPerMinute(100L).build())
                                    .build(),
                            "tenant/umbra",
                            entry().setTenant(tenant("umbra").build()).build(),
                            "tenant/narrow",
                            entry().setTenant(
                                            tenant("narrow")
                                                    .setModels(List.of(fewTokens()))
                                                    .build())
                                    .build(),
                            "key/slow",
                            entry().setKey(slowKey()).build()));
    private Instant now = Samples.NOW;
    private final OwnersRates rates = new OwnersRates(() -> control, client, () -> now);

    @AfterEach
    void close() {
        client.close();
        server.stop();
    }

    @Test
    void ownerOfTheSlotIsAskedOnceASecondForEachCaller() {
        // When
        RatesLeft.Left first = rates.of(ACME, "key", MODEL);
        RatesLeft.Left second = rates.of(ACME, "key", MODEL);
        int atOnce = asked.size();
        now = now.plusSeconds(1);
        var _ = rates.of(ACME, "key", MODEL);

        // Then
        String model =
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(MODEL.getBytes(StandardCharsets.UTF_8));
        assertThat(first).isEqualTo(second);
        assertThat(first.requests()).isEqualTo(new RateLeft(100L, 7L, 30_000L));
        assertThat(first.tokens()).isNull();
        assertThat(atOnce).isEqualTo(1);
        assertThat(asked).hasSize(2).containsOnly("acme,key," + model);
    }

    @Test
    void nobodyIsAskedWhereNoLimitBindsAndNothingToldWhereNobodyAnswers() {
        // When
        RatesLeft.Left free = rates.of(UMBRA, "key", MODEL);
        int askedForFree = asked.size();
        RatesLeft.Left bound = rates.of(UMBRA, "slow", MODEL);
        server.stop();
        now = now.plusSeconds(2);

        // Then
        assertThat(free).isEqualTo(RatesLeft.Left.NOTHING);
        assertThat(askedForFree).isZero();
        assertThat(bound.requests()).isNotNull();
        assertThat(control.isPaced(new TenantId("narrow"), "key")).isTrue();
        assertThat(rates.of(ACME, "key", MODEL)).isEqualTo(RatesLeft.Left.NOTHING);
    }

    private static TenantState.Builder tenant(String name) {
        return TenantState.newBuilder().setName(name);
    }

    private static ModelQuota fewTokens() {
        return ModelQuota.newBuilder().setModel("m").setTokensPerMinute(5L).build();
    }

    private static KeyState slowKey() {
        return KeyState.newBuilder()
                .setKeyId("slow")
                .setName("slow")
                .setTenant("umbra")
                .setSecretSha256("sha")
                .setTokensPerMinute(10L)
                .build();
    }

    private static ControlRecord.Builder entry() {
        return ControlRecord.newBuilder()
                .setVersion(1)
                .setManagedBy("file")
                .setUpdatedAt(Samples.NOW);
    }
}
