package io.millrace.schemas.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryBlobStoreTest extends BlobStoreContract {

    @TempDir Path directory;

    @Override
    BlobStore store() {
        return new DirectoryBlobStore(directory.resolve("blobs"));
    }

    @Test
    void blobIsAFileUnderItsKeyAndNothingElseRemains() throws IOException {
        // When
        store().put("batches/b/1", new ByteArrayInputStream(new byte[] {1, 2}));

        // Then
        assertThat(files()).containsExactly(directory.resolve("blobs/batches/b/1"));
    }

    @Test
    void tornPutLeavesNoFile() throws IOException {
        // When
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> store().put("a/b", new TornStream(10)));

        // Then
        assertThat(files()).isEmpty();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
