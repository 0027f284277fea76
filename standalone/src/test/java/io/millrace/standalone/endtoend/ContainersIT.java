package io.millrace.standalone.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;

/** The same path on a broker and a registry that are not ours: those of the public images. */
@Tag("containers")
@Timeout(300)
@EnabledIf("dockerIsThere")
final class ContainersIT {

    private static final int REGISTRY_PORT = 8080;

    @Test
    void jobsAndABatchEndOnceOnABrokerAndARegistryInContainers(@TempDir Path folder) {
        try (KafkaContainer kafka = new KafkaContainer(System.getProperty("kafka.image"));
                GenericContainer<?> registry =
                        new GenericContainer<>(System.getProperty("registry.image"))) {
            registry.withExposedPorts(REGISTRY_PORT)
                    .withEnv("APICURIO_RULES_GLOBAL_COMPATIBILITY", "FULL_TRANSITIVE")
                    .waitingFor(Wait.forHttp("/apis/ccompat/v7/subjects").forStatusCode(200));
            registry.start();
            kafka.start();
            URI address =
                    URI.create(
                            "http://%s:%d"
                                    .formatted(
                                            registry.getHost(),
                                            registry.getMappedPort(REGISTRY_PORT)));
            try (Cluster cluster = Cluster.beside(folder, kafka.getBootstrapServers(), address)) {
                walkThePath(cluster);
            }
        }
    }

    private static void walkThePath(Cluster cluster) {
        // Given
        MillraceProcess ingress = cluster.begin("ingress", "ingress");
        cluster.ready(
                ingress,
                cluster.begin("dispatcher", "dispatcher"),
                cluster.begin("usage-aggregator", "aggregator"));
        Api api = cluster.api(ingress);
        int lines = 100;
        // When
        List<String> jobs =
                IntStream.range(0, 20).mapToObj(i -> api.submit("fast", "c" + i).id()).toList();
        String batch = api.batch(api.upload(PathIT.lines(lines, "fast")));
        // Then
        Await.until(
                "batch completed",
                Duration.ofSeconds(60),
                () ->
                        api.get("/v1/batches/" + batch)
                                .json()
                                .path("status")
                                .asText()
                                .equals("completed"));
        for (String job : jobs) {
            assertThat(api.job(job).path("status").asText()).isEqualTo("completed");
        }
        Ledgers.assertEachEndedOnce(cluster.topics(), jobs);
        Ledgers.assertExtraCallsExplained(cluster.topics(), cluster.calls());
        String query =
                "?start_time=%d&bucket_width=1d"
                        .formatted(Instant.now().minus(Duration.ofHours(1)).getEpochSecond());
        Await.until(
                "usage of all requests",
                Duration.ofSeconds(20),
                () -> requests(api, query) == jobs.size() + lines);
    }

    private static long requests(Api api, String query) {
        JsonNode page = api.get("/v1/organization/usage/completions" + query).json();
        return page.path("data")
                .valueStream()
                .flatMap(bucket -> bucket.path("results").valueStream())
                .mapToLong(result -> result.path("num_model_requests").asLong())
                .sum();
    }

    // read by JUnit
    static boolean dockerIsThere() {
        boolean there = DockerClientFactory.instance().isDockerAvailable();
        if (!there) {
            System.err.println("SKIPPED: the container suite needs Docker, and none answers here");
        }
        return there;
    }
}
