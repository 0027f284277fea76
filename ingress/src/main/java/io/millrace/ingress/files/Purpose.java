package io.millrace.ingress.files;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a file that is uploaded may be for. */
enum Purpose {
    /** Input of a batch. */
    BATCH("batch"),
    /** Whatever the user wants. */
    USER_DATA("user_data"),
    /** OpenAI's assistants; kept, not used. */
    ASSISTANTS("assistants"),
    /** Images for fine-tuning; kept, not used. */
    VISION("vision"),
    /** Fine-tuning; kept, not used. */
    FINE_TUNE("fine-tune"),
    /** Evaluations; kept, not used. */
    EVALS("evals");

    private final String word;

    Purpose(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }

    static Optional<Purpose> parse(String word) {
        return Arrays.stream(values()).filter(purpose -> purpose.word.equals(word)).findFirst();
    }

    /** Returns all of them as a sentence would name them. */
    static String words() {
        return Arrays.stream(values()).map(Purpose::word).collect(Collectors.joining(", "));
    }
}
