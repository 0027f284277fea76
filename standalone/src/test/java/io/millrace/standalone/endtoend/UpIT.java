package io.millrace.standalone.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.servicekit.http.Json;
import io.millrace.standalone.data.PortsFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace up}, as a user starts, kills and stops it. */
@Timeout(300)
final class UpIT {

    private static final String MODEL = "local/all-minilm-l6-v2";
    private static final Duration STOPPED = Duration.ofSeconds(20);

    private final Path folder;
    private final Path data;
    private final List<MillraceProcess> processes = new ArrayList<>();

    UpIT(@TempDir Path folder) {
        this.folder = folder;
        this.data = folder.resolve("data");
    }

    @AfterEach
    void stop() {
        processes.forEach(MillraceProcess::close);
    }

    @Test
    void firstStartMakesKeysAndAModelAndStopsWithZero() throws IOException {
        // When
        MillraceProcess up = up().ready();
        Api api = api(up);
        // Then
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys())))
                .isEqualTo("rw-------");
        assertThat(ports()).containsKeys("ingress", "kafka", "registry", "admin");
        JsonNode answer = api.post("/v1/embeddings", embedding("a millrace")).json();
        assertThat(answer.path("data").path(0).path("embedding")).hasSize(384);
        assertThat(up.terminate().exitCode(STOPPED)).as(up.err()).isZero();
        assertThat(up.err()).as("standard error").isEmpty();
    }

    @Test
    void secondUpOnTheSameFolderRefuses() {
        // Given
        up().ready();
        // When
        MillraceProcess second = up();
        // Then
        assertThat(second.exitCode()).isEqualTo(2);
        assertThat(second.err().lines())
                .singleElement()
                .asString()
                .startsWith("millrace: --data: folder ")
                .contains("in use");
    }

    @Test
    void workSurvivesAKillOfEverything() {
        // Given
        MillraceProcess first = up().ready();
        Api before = api(first);
        List<String> jobs = new ArrayList<>(submitted(before, 50));
        before.job(jobs.getFirst());
        jobs.addAll(submitted(before, 50));
        // When
        first.kill();
        MillraceProcess second = up().ready();
        // Then
        Api after = api(second);
        assertThat(jobs.stream().map(after::job))
                .allMatch(job -> job.path("status").asText().equals("completed"));
        Topics topics =
                new Topics(
                        "127.0.0.1:" + ports().get("kafka"),
                        URI.create("http://127.0.0.1:" + ports().get("registry")));
        Ledgers.assertEachEndedOnce(topics, jobs);
    }

    private MillraceProcess up() {
        MillraceProcess process =
                MillraceProcess.start(
                        folder.resolve("logs"),
                        List.of(
                                "up",
                                "--data",
                                data.toString(),
                                "--port",
                                "0",
                                "--kafka-port",
                                "0",
                                "--registry-port",
                                "0",
                                "--admin-port",
                                "0"));
        processes.add(process);
        return process;
    }

    private Api api(MillraceProcess up) {
        try {
            String key = Json.parse(Files.readAllBytes(keys())).path("default").asText();
            return new Api(URI.create(up.address().orElseThrow()), key);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Map<String, Integer> ports() {
        return new PortsFile(data.resolve("run").resolve("ports.json")).read();
    }

    private Path keys() {
        return data.resolve("run").resolve("keys.json");
    }

    private static List<String> submitted(Api api, int count) {
        return IntStream.range(0, count)
                .mapToObj(n ->
                        api.post(
                                        "/v1/jobs",
                                        "{\"endpoint\": \"/v1/embeddings\", \"body\": %s}"
                                                .formatted(embedding("text " + n)))
                                .id())
                .toList();
    }

    private static String embedding(String text) {
        return "{\"model\": \"%s\", \"input\": \"%s\", \"encoding_format\": \"float\"}"
                .formatted(MODEL, text);
    }
}
