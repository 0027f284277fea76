package io.millrace.servicekit.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.servicekit.admin.Health.State;
import io.millrace.servicekit.http.InternalCredential;
import io.millrace.servicekit.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminServerTest {

    private static final InternalCredential CREDENTIAL =
            InternalCredential.of("0123456789".repeat(4));

    private final Health health = new Health();
    private final PrometheusMeterRegistry meters =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AdminPages pages = new AdminPages();
    private final HttpClient client = HttpClient.newHttpClient();
    private AdminServer server;

    @BeforeEach
    void start() {
        server = AdminServer.start(0, health, meters, pages, CREDENTIAL);
    }

    @AfterEach
    void stop() {
        server.close();
        client.close();
    }

    @Test
    void processWithoutPartsIsAliveButNotReady() throws Exception {
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    }

    @Test
    void serviceShowsItsPageAndNothingElseIsThere() throws Exception {
        // Given
        pages.add("dispatchers", () -> Json.object().put("in_flight", 7));

        // Then
        assertThat(get("/v1/admin/dispatchers").body()).isEqualTo("{\"in_flight\":7}");
        assertThat(get("/v1/admin/others").statusCode()).isEqualTo(404);
    }

    @Test
    void otherServicesAreAnsweredAndNobodyElse() throws Exception {
        // Given
        pages.addInner(
                "jobs",
                id -> id.equals("a") ? Optional.of(Json.object().put("id", id)) : Optional.empty());

        // Then
        assertThat(get("/internal/jobs/a", CREDENTIAL.value()).body()).isEqualTo("{\"id\":\"a\"}");
        assertThat(get("/internal/jobs/b", CREDENTIAL.value()).statusCode()).isEqualTo(404);
        assertThat(get("/internal/others/a", CREDENTIAL.value()).statusCode()).isEqualTo(404);
        assertThat(get("/internal/jobs/a", "0".repeat(64)).statusCode()).isEqualTo(404);
        assertThat(get("/internal/jobs/a").statusCode()).isEqualTo(404);
    }

    @Test
    void processIsReadyWhenEveryPartIs() throws Exception {
        // Given
        health.add("control", State.Ready::new);
        health.add("view", State.Ready::new);

        // Then
        answers("/health/ready", 200, "UP", "{\"control\":\"ready\",\"view\":\"ready\"}");
    }

    @Test
    void waitingPartTellsWhyTheProcessIsNotReady() throws Exception {
        // Given
        health.add("control", State.Ready::new);
        health.add("view", () -> new State.Waiting("17 records behind"));
        String parts = "{\"control\":\"ready\",\"view\":\"waiting: 17 records behind\"}";

        // Then
        answers("/health/ready", 503, "DOWN", parts);
        answers("/health/live", 200, "UP", parts);
    }

    @Test
    void brokenPartAsksForARestart() throws Exception {
        // Given
        health.add("writer", () -> new State.Broken("fenced"));

        // Then
        answers("/health/live", 503, "DOWN", "{\"writer\":\"broken: fenced\"}");
        answers("/health/ready", 503, "DOWN", "{\"writer\":\"broken: fenced\"}");
    }

    @Test
    void partThatCannotTellIsWaiting() throws Exception {
        // Given
        health.add(
                "view",
                () -> {
                    throw new IllegalStateException("no state");
                });

        // Then
        answers("/health/ready", 503, "DOWN", "{\"view\":\"waiting: cannot tell: no state\"}");
    }

    @Test
    void removedPartIsNotAskedAnyMore() {
        // Given
        health.add("a", State.Ready::new);
        health.add("b", () -> new State.Broken("gone"));

        // When
        health.remove("b");

        // Then
        assertThat(health.ready()).isTrue();
        assertThat(health.live()).isTrue();
    }

    @Test
    void metersAreShownInPrometheusTextForm() throws Exception {
        // Given
        meters.counter("millrace.jobs.accepted", "tenant", "acme").increment(3);

        // When
        HttpResponse<String> answer = get("/metrics");

        // Then
        assertThat(answer.headers().firstValue("content-type"))
                .contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(answer.body())
                .contains("millrace_jobs_accepted_total{tenant=\"acme\"} 3.0")
                .contains("# TYPE millrace_jobs_accepted_total counter");
    }

    @Test
    void nothingElseIsServed() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(get("/config").statusCode()).isEqualTo(404);
    }

    private void answers(String path, int status, String word, String parts) throws Exception {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        assertThat(Json.parse(answer.body().getBytes(StandardCharsets.UTF_8)))
                .hasToString("{\"status\":\"%s\",\"parts\":%s}".formatted(word, parts));
    }

    private HttpResponse<String> get(String path, String shown)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:%d%s".formatted(server.port(), path));
        return client.send(
                HttpRequest.newBuilder(uri).header(InternalCredential.HEADER, shown).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:%d%s".formatted(server.port(), path));
        return client.send(
                HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
