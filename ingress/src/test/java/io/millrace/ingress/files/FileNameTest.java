package io.millrace.ingress.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FileNameTest {

    @Test
    void foldersAndControlCharactersAreLeftOut() {
        assertThat(FileName.clean("../../etc/passwd")).isEqualTo("passwd");
        assertThat(FileName.clean("C:\\docs\\a.jsonl")).isEqualTo("a.jsonl");
        assertThat(FileName.clean("a\r\nX-Evil: 1.txt")).isEqualTo("aX-Evil: 1.txt");
        assertThat(FileName.clean("")).isEqualTo("upload");
        assertThat(FileName.clean("ü".repeat(500))).hasSize(255);
    }

    @Test
    void quotesAreReadHoweverTheyWereWritten() {
        assertThat(FileName.clean("a\\\"b\\\".txt")).isEqualTo("a\"b\".txt");
        assertThat(FileName.clean("a%22b%22.txt")).isEqualTo("a\"b\".txt");
    }

    @Test
    void headerHoldsNothingButAscii() {
        assertThat(FileName.disposition("né 日本.jsonl"))
                .isEqualTo("attachment; filename*=UTF-8''n%C3%A9%20%E6%97%A5%E6%9C%AC.jsonl");
    }
}
