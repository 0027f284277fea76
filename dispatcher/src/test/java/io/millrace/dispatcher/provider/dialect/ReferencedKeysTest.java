package io.millrace.dispatcher.provider.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferencedKeysTest {

    @TempDir private Path directory;
    private Instant now = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void everyKindOfReferenceIsFollowedInOrder() throws IOException {
        // Given
        Path file = Files.writeString(directory.resolve("key"), " sk-file\n");

        // Then
        assertThat(keys("env:KEY", "file:" + file, "config:acme").currentKeys())
                .containsExactly("sk-env", "sk-file", "sk-a", "sk-b");
    }

    @Test
    void keyInAFileIsReadAgainAfterASecond() throws IOException {
        // Given
        Path file = Files.writeString(directory.resolve("key"), "sk-old");
        ReferencedKeys keys = keys("file:" + file);
        keys.currentKeys();
        Files.writeString(file, "sk-new");

        // When
        List<String> atOnce = keys.currentKeys();
        now = now.plusSeconds(1);
        List<String> later = keys.currentKeys();

        // Then
        assertThat(atOnce).containsExactly("sk-old");
        assertThat(later).containsExactly("sk-new");
    }

    @Test
    void referenceThatLeadsNowhereIsLeftOut() throws IOException {
        // Given
        Path broken = Files.writeString(directory.resolve("broken"), "two\nlines");
        Path empty = Files.writeString(directory.resolve("empty"), " ");

        // Then
        assertThat(
                        keys(
                                        "env:MISSING",
                                        "file:/no/such/file",
                                        "file:" + broken,
                                        "file:" + empty,
                                        "config:nobody",
                                        "vault:x",
                                        "sk-literal",
                                        "",
                                        "env:KEY")
                                .currentKeys())
                .containsExactly("sk-env");
    }

    private ReferencedKeys keys(String... references) {
        return new ReferencedKeys(
                List.of(references),
                Map.of("KEY", "sk-env"),
                provider -> provider.equals("acme") ? List.of("sk-a", "sk-b") : List.of(),
                () -> now);
    }
}
