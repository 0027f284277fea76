package io.millrace.schemas.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.schemas.avro.BlobRef;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every blob store does. A store's own test extends it. */
abstract class BlobStoreContract {

    private static final String HELLO_SHA256 =
            "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    abstract BlobStore store();

    @Test
    void whatIsPutCanBeOpenedAgain() throws IOException {
        // Given
        byte[] content = new byte[3_000_000];
        new SplittableRandom(1).nextBytes(content);

        // When
        BlobRef ref = store().put("files/a", new ByteArrayInputStream(content));

        // Then
        assertThat(ref.getKey()).isEqualTo("files/a");
        assertThat(ref.getSize()).isEqualTo(content.length);
        assertThat(read(ref)).isEqualTo(content);
    }

    @Test
    void referenceTellsTheHashOfTheContent() throws IOException {
        assertThat(put("a", "hello").getSha256()).isEqualTo(HELLO_SHA256);
    }

    @Test
    void emptyBlobIsABlob() throws IOException {
        BlobRef ref = put("empty", "");

        assertThat(ref.getSize()).isZero();
        assertThat(read(ref)).isEmpty();
    }

    @Test
    void writerThatBeginsAgainReplacesTheWhole() throws IOException {
        // Given
        put("batches/b/1", "a longer first version");

        // When
        BlobRef second = put("batches/b/1", "second");

        // Then
        assertThat(read(second)).asString().isEqualTo("second");
    }

    @Test
    void deletedBlobIsGoneAndDeletingItAgainIsFine() throws IOException {
        // Given
        BlobRef ref = put("a", "hello");

        // When
        store().delete(ref);
        store().delete(ref);

        // Then
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> store().open(ref));
    }

    @Test
    void tornPutLeavesNothingVisible() {
        // Given
        InputStream torn = new TornStream(1_000_000);

        // Then
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> store().put("torn", torn))
                .withMessage("torn");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> store().open(new BlobRef("torn", 1_000_000L, "")));
    }

    @Test
    void tornPutLeavesTheFormerBlobAsItWas() throws IOException {
        // Given
        BlobRef former = put("a", "former");

        // When
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> store().put("a", new TornStream(10)));

        // Then
        assertThat(read(former)).asString().isEqualTo("former");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/etc/passwd",
                "..",
                "../a",
                "a/../../b",
                "a//b",
                "a/",
                ".",
                "a/.",
                "a.b",
                "a b",
                "a\\b",
                "a\0",
                "a\n",
                "ä"
            })
    void keyThatCouldLeaveTheStoreIsRefused(String key) {
        BlobRef ref = new BlobRef(key, 1L, "");

        assertThatIllegalArgumentException().isThrownBy(() -> put(key, "x"));
        assertThatIllegalArgumentException().isThrownBy(() -> store().open(ref));
        assertThatIllegalArgumentException().isThrownBy(() -> store().delete(ref));
    }

    private BlobRef put(String key, String content) throws IOException {
        return store().put(key, new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
    }

    private byte[] read(BlobRef ref) throws IOException {
        try (InputStream in = store().open(ref)) {
            return in.readAllBytes();
        }
    }
}
