package io.millrace.ingress.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EmbeddingFormatTest {

    private static final String FLOATS = "{\"data\":[{\"embedding\":[0.5,1.5]}]}";
    private static final String BASE64 = "{\"data\":[{\"embedding\":\"AAAAPwAAwD8=\"}]}";

    @Test
    void numbersBecomeLittleEndianFloatsInBase64AndBack() {
        assertThat(applied(EmbeddingFormat.BASE64, FLOATS)).isEqualTo(BASE64);
        assertThat(applied(EmbeddingFormat.FLOAT, BASE64)).isEqualTo(FLOATS);
    }

    @Test
    void whatHasTheFormAlreadyStaysAsItIs() {
        assertThat(applied(EmbeddingFormat.FLOAT, FLOATS)).isEqualTo(FLOATS);
        assertThat(applied(EmbeddingFormat.BASE64, BASE64)).isEqualTo(BASE64);
        assertThat(applied(EmbeddingFormat.BASE64, "[1]")).isEqualTo("[1]");
        assertThat(applied(EmbeddingFormat.FLOAT, "{\"data\":[{\"embedding\":\"?\"}]}"))
                .isEqualTo("{\"data\":[{\"embedding\":\"?\"}]}");
    }

    private static String applied(EmbeddingFormat format, String answer) {
        return new String(
                format.apply(answer.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }
}
