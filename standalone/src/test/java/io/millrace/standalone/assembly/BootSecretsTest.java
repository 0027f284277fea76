package io.millrace.standalone.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.standalone.data.DataDirectory;
import io.millrace.standalone.process.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BootSecretsTest {

    private final DataDirectory data;

    BootSecretsTest(@TempDir Path folder) {
        this.data = DataDirectory.open(folder);
    }

    @AfterEach
    void close() {
        data.close();
    }

    @Test
    void secretsAreDrawnOnceAndKept() {
        // When
        BootSecrets first = BootSecrets.in(data, new Random(1));
        BootSecrets second = BootSecrets.in(data, new Random(2));
        // Then
        assertThat(second).isEqualTo(first);
        assertThat(first.operatorKey()).matches("mr_[0-9a-f]{64}").isNotEqualTo(first.tenantKey());
        assertThat(first.masterKey()).hasSize(64);
    }

    @Test
    void onlyTheOwnerMayReadThem() throws IOException {
        // When
        BootSecrets.in(data, new Random(1));
        // Then
        for (Path file : new Path[] {BootSecrets.keysFile(data), BootSecrets.masterKeyFile(data)}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void keysFileWithoutAKeyIsRefusedByName() throws IOException {
        // Given
        Files.writeString(BootSecrets.keysFile(data), "{\"operator\": \"mr_1\"}");
        // Then
        assertThatThrownBy(() -> BootSecrets.in(data, new Random(1)))
                .isInstanceOf(RefusedException.class)
                .hasMessageEndingWith("keys.json: default: is missing");
    }

    @Test
    void secretsAreNotShown() {
        assertThat(BootSecrets.in(data, new Random(1)).toString()).isEqualTo("BootSecrets[***]");
    }
}
