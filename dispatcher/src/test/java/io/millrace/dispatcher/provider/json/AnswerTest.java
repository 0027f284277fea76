package io.millrace.dispatcher.provider.json;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.provider.json.Answer.Failed;
import io.millrace.dispatcher.provider.json.Answer.Good;
import io.millrace.dispatcher.provider.json.Answer.Malformed;
import java.nio.charset.Charset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTest {

    @Test
    void usageIsReadWhereverItStands() {
        assertThat(read("{\"usage\":{\"a\":1},\"choices\":[{}]}"))
                .isInstanceOfSatisfying(
                        Good.class, good -> assertThat(good.usage()).hasToString("{\"a\":1}"));
        assertThat(read("{\"choices\":[{\"usage\":2}],\"usage\":{\"a\":1}}"))
                .isInstanceOfSatisfying(
                        Good.class, good -> assertThat(good.usage()).hasToString("{\"a\":1}"));
        assertThat(read("{\"choices\":[{}]}"))
                .isInstanceOfSatisfying(
                        Good.class, good -> assertThat(good.usage().isMissingNode()).isTrue());
    }

    @Test
    void errorCountsOnlyInPlaceOfAnAnswer() {
        assertThat(read("{\"error\":{\"code\":1}}")).isInstanceOf(Failed.class);
        assertThat(read("{\"error\":\"out of memory\"}")).isInstanceOf(Failed.class);
        assertThat(read("{\"error\":null,\"choices\":[{}]}")).isInstanceOf(Good.class);
        assertThat(read("{\"error\":{\"code\":1},\"choices\":[{}]}")).isInstanceOf(Good.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{",
                "{\"choices\":{}}",
                "{\"choices\":[]}",
                "{\"choices\":[[]]}",
                "{\"choices\":[{},1]}",
                "{\"choices\":[{}",
                "{\"choices\":[{}]} x",
                "{\"error\":7}"
            })
    void whatIsNoAnswerIsMalformed(String body) {
        assertThat(read(body)).isInstanceOf(Malformed.class);
    }

    @Test
    void otherEncodingsAreNotPassedOn() {
        for (Charset charset : new Charset[] {UTF_16BE, UTF_16LE, Charset.forName("UTF-32BE")}) {
            byte[] body = "{\"choices\":[{}]}".getBytes(charset);
            assertThat(Answer.read(body, "choices"))
                    .as("%s", charset)
                    .isInstanceOf(Malformed.class);
            byte[] marked = "\uFEFF{\"choices\":[{}]}".getBytes(charset);
            assertThat(Answer.read(marked, "choices"))
                    .as("%s", charset)
                    .isInstanceOf(Malformed.class);
        }
    }

    @Test
    void reasonHasNothingOfTheAnswer() {
        assertThat(read("secret"))
                .isInstanceOfSatisfying(
                        Malformed.class,
                        malformed -> assertThat(malformed.why()).doesNotContain("secret"));
    }

    private static Answer read(String body) {
        return Answer.read(body.getBytes(UTF_8), "choices");
    }
}
