package io.millrace.servicekit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InternalCredentialTest {

    private static final String MASTER = "0123456789abcdef0123456789abcdef";
    // computed by another implementation of HMAC-SHA256
    private static final String DERIVED =
            "f710c75c7c6809d52fbdc2247668f6e51a3da7b626eda42087e1c4e676bb3141";

    private final InternalCredential credential = InternalCredential.of(MASTER);

    @Test
    void itIsTheHmacOfTheMasterKey() {
        assertThat(credential.value()).isEqualTo(DERIVED);
        assertThat(credential.matches(DERIVED)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", MASTER, DERIVED + "0", " " + DERIVED})
    void nothingElseMatches(String shown) {
        assertThat(credential.matches(shown)).isFalse();
        assertThat(InternalCredential.of(MASTER + "!").matches(DERIVED)).isFalse();
    }

    @Test
    void shortMasterKeyIsRefusedWithoutShowingIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InternalCredential.of(MASTER.substring(1)))
                .withMessage("must have at least 32 bytes, but has 31");
    }

    @Test
    void bytesCountAndNotCharacters() {
        assertThat(InternalCredential.of("ü".repeat(16)).value()).hasSize(64);
    }

    @Test
    void keysOfEachPurposeAreOthersThanWhatTravels() {
        assertThat(credential.key("one")).hasSize(32).isEqualTo(credential.key("one"));
        assertThat(credential.key("one"))
                .isNotEqualTo(credential.key("two"))
                .isNotEqualTo(InternalCredential.of(MASTER + "!").key("one"))
                .isNotEqualTo(HexFormat.of().parseHex(DERIVED));
    }

    @Test
    void itIsNotInItsText() {
        assertThat(credential).hasToString("InternalCredential[***]");
    }
}
