package io.millrace.servicekit.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.servicekit.http.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LoggingTest {

    private static final Logger LOG = LoggerFactory.getLogger("io.millrace.room.Part");

    @TempDir Path directory;
    private Path file;

    @BeforeEach
    void nameFile() {
        file = directory.resolve("millrace.log");
    }

    @AfterEach
    void logToStandardErrorAgain() {
        Logging.configure(Logging.Form.PLAIN, Optional.empty());
    }

    @Test
    void plainLineShowsTimeLevelRoomMessageAndKeys() throws IOException {
        // Given
        Logging.configure(Logging.Form.PLAIN, Optional.of(file));

        // When
        LOG.atInfo().addKeyValue("tenant", "acme").addKeyValue("offset", 17).log("job settled");

        // Then
        assertThat(lines())
                .singleElement()
                .asString()
                .matches(
                        "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\S+ INFO  Part job settled"
                                + " tenant=\"acme\" offset=\"17\"");
    }

    @Test
    void jsonLineIsOneObjectWithItsKeys() throws IOException {
        // Given
        Logging.configure(Logging.Form.JSON, Optional.of(file));

        // When
        LOG.atWarn().addKeyValue("tenant", "acme").log("line\nbreak");

        // Then
        assertThat(lines()).hasSize(1);
        JsonNode line = Json.parse(lines().getFirst().getBytes(StandardCharsets.UTF_8));
        assertThat(line.get("level").asText()).isEqualTo("WARN");
        assertThat(line.get("message").asText()).isEqualTo("line\nbreak");
        assertThat(line.get("kvpList").toString()).contains("{\"tenant\":\"acme\"}");
    }

    @Test
    void valueFromOutsideCannotBeginALineOfItsOwn() throws IOException {
        // Given
        Logging.configure(Logging.Form.PLAIN, Optional.of(file));

        // When
        LOG.atInfo().addKeyValue("name", "a\r\n2026 ERROR forged").log("one\ntwo");

        // Then
        assertThat(lines()).singleElement().asString().contains("one two name=\"a 2026 ERROR");
    }

    @Test
    void causeFollowsItsLine() throws IOException {
        // Given
        Logging.configure(Logging.Form.PLAIN, Optional.of(file));

        // When
        LOG.atError().setCause(new IllegalStateException("stuck")).log("failed");

        // Then
        assertThat(lines().getFirst()).contains("ERROR Part failed");
        assertThat(lines().get(1)).isEqualTo("java.lang.IllegalStateException: stuck");
        assertThat(lines()).filteredOn(line -> line.contains("stuck")).hasSize(1);
    }

    @Test
    void configuringAgainWritesNoLineTwice() throws IOException {
        // Given
        Logging.configure(Logging.Form.PLAIN, Optional.of(file));
        Logging.configure(Logging.Form.PLAIN, Optional.of(file));

        // When
        LOG.atInfo().log("once");
        java.util.logging.Logger.getLogger("io.millrace.Jul").warning("through the bridge");

        // Then
        assertThat(lines()).hasSize(2);
    }

    @Test
    void othersAreHeardFromWarningsOn() throws IOException {
        // Given
        Logging.configure(Logging.Form.PLAIN, Optional.of(file));

        // When
        LoggerFactory.getLogger("org.apache.kafka.Client").atInfo().log("chatter");
        LoggerFactory.getLogger("org.apache.kafka.Client").atWarn().log("trouble");

        // Then
        assertThat(lines()).singleElement().asString().contains("WARN  Client trouble");
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(file);
    }
}
