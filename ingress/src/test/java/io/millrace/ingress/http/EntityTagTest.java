package io.millrace.ingress.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EntityTagTest {

    private final EntityTag tag = EntityTag.of("{\"a\":1}".getBytes(StandardCharsets.UTF_8));

    @Test
    void sameBytesHaveTheSameTagAndOthersAnother() {
        assertThat(EntityTag.of("{\"a\":1}".getBytes(StandardCharsets.UTF_8))).isEqualTo(tag);
        assertThat(EntityTag.of("{\"a\":2}".getBytes(StandardCharsets.UTF_8))).isNotEqualTo(tag);
        assertThat(tag.value()).startsWith("\"").endsWith("\"");
    }

    @Test
    void tagIsFoundInEveryFormOfIfNoneMatch() {
        assertThat(tag.isAmong(tag.value())).isTrue();
        assertThat(tag.isAmong("W/" + tag.value())).isTrue();
        assertThat(tag.isAmong("\"x\", " + tag.value())).isTrue();
        assertThat(tag.isAmong("*")).isTrue();
    }

    @Test
    void absentOrOtherTagsAreNoMatch() {
        assertThat(tag.isAmong("")).isFalse();
        assertThat(tag.isAmong("\"x\"")).isFalse();
        assertThat(tag.isAmong(tag.value().replace("\"", ""))).isFalse();
    }
}
