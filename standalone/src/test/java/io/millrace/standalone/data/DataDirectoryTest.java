package io.millrace.standalone.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.standalone.process.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

    @TempDir private Path temp = Path.of("");

    @Test
    void aNewFolderIsMadeWithItsLayout() {
        // When
        try (DataDirectory data = DataDirectory.open(temp.resolve("a/new one"))) {

            // Then
            assertThat(data.root()).isAbsolute().isDirectory();
            assertThat(
                            Stream.of(
                                    data.run(),
                                    data.logs(),
                                    data.kafka(),
                                    data.registry(),
                                    data.state(),
                                    data.blobs(),
                                    data.cache()))
                    .allMatch(Files::isDirectory);
        }
    }

    @Test
    void aFolderInUseIsRefusedAndNamesWhoHasIt() {
        // Given
        try (DataDirectory first = DataDirectory.open(temp)) {

            // Then
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(() -> DataDirectory.open(first.root()))
                        .isInstanceOf(RefusedException.class)
                        .hasMessage(
                                "--data: folder %s is in use by another millrace (pid %d)",
                                temp, ProcessHandle.current().pid());
            }
        }
    }

    @Test
    void aClosedFolderCanBeTakenAgain() {
        // Given
        DataDirectory.open(temp).close();

        // When
        DataDirectory again = DataDirectory.open(temp);

        // Then
        assertThat(again.run().resolve("lock")).exists();
        again.close();
    }

    @Test
    void aFolderThatCannotBeWrittenIsRefusedInOneLine() throws IOException {
        // Given
        Path file = Files.createFile(temp.resolve("file"));

        // Then
        assertThatThrownBy(() -> DataDirectory.open(file))
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith("--data: folder " + file + " cannot be written: ")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void portsAreReadAsTheyWereWritten() {
        try (DataDirectory data = DataDirectory.open(temp)) {
            // Given
            assertThat(data.ports().read()).isEmpty();

            // When
            data.ports().write(Map.of("registry", 1, "kafka", 2));
            data.ports().write(Map.of("registry", 8081, "kafka", 9092));

            // Then
            assertThat(data.ports().read()).isEqualTo(Map.of("kafka", 9092, "registry", 8081));
            assertThat(data.run().resolve("ports.json"))
                    .hasContent("{\n  \"kafka\" : 9092,\n  \"registry\" : 8081\n}");
        }
    }

    @Test
    void aSecretIsReadableByItsOwnerOnly() throws IOException {
        try (DataDirectory data = DataDirectory.open(temp)) {
            // Given
            SecretFile secret = data.secret("keys.json");
            assertThat(secret.read()).isEmpty();

            // When
            secret.write("{}");

            // Then
            assertThat(secret.read()).hasValue("{}");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret.path())))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void nothingIsLeftOfADraft() throws IOException {
        try (DataDirectory data = DataDirectory.open(temp)) {
            // When
            data.secret("a").write("b");

            // Then
            try (Stream<Path> files = Files.list(data.run())) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrder("lock", "a");
            }
        }
    }
}
