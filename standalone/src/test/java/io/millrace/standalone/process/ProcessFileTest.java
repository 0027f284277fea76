package io.millrace.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessFileTest {

    private static final String MARKER = "-Dours=yes";

    @TempDir private Path temp = Path.of("");

    private final Process child;

    ProcessFileTest() throws IOException {
        // reads for ever, because its standard input stays open; the marker is its $0
        child = new ProcessBuilder("/bin/sh", "-c", "read line", MARKER).start();
    }

    @AfterEach
    void endChild() {
        child.destroyForcibly();
    }

    @Test
    void aChildThatWasLeftIsEnded() throws InterruptedException {
        // Given
        ProcessFile file = file(MARKER);
        file.write(child.toHandle());

        // When
        var ended = file.endLeftOver();

        // Then
        assertThat(ended).hasValue(child.pid());
        assertThat(child.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(file.file()).doesNotExist();
    }

    @Test
    void aProcessWithoutTheMarkerIsLeftAlone() {
        // Given
        file(MARKER).write(child.toHandle());

        // When
        var ended = file("-Dours=no").endLeftOver();

        // Then
        assertThat(ended).isEmpty();
        assertThat(child.isAlive()).isTrue();
    }

    @Test
    void aProcessThatGotThePidLaterIsLeftAlone() throws IOException {
        // Given
        ProcessFile file = file(MARKER);
        Files.writeString(file.file(), child.pid() + "\n" + 1_000_000 + "\n");

        // When
        var ended = file.endLeftOver();

        // Then
        assertThat(ended).isEmpty();
        assertThat(child.isAlive()).isTrue();
    }

    @Test
    void aHalfWrittenFileIsForgotten() throws IOException {
        // Given
        ProcessFile file = file(MARKER);
        Files.writeString(file.file(), Long.toString(child.pid()));

        // When
        var ended = file.endLeftOver();

        // Then
        assertThat(ended).isEmpty();
        assertThat(child.isAlive()).isTrue();
        assertThat(file.file()).doesNotExist();
    }

    private ProcessFile file(String marker) {
        return new ProcessFile(temp.resolve("child.pid"), marker);
    }
}
