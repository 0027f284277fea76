package io.millrace.standalone.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Cuts documents into passages: whole paragraphs as long as they fit, long ones between sentences
 * or, when a sentence alone is too long, between words.
 *
 * <p>All-MiniLM-L6-v2 was trained on 128 tokens and sees no more than 256; legal English has about
 * 1.4 tokens a word.
 *
 * @param mostWords words in a passage, 10 to 1,000
 */
record Cutting(int mostWords) {

    /** About 140 tokens. */
    static final Cutting DEFAULT = new Cutting(100);

    private static final Pattern PARAGRAPHS = Pattern.compile("\\R\\s*\\R");
    private static final Pattern SENTENCES = Pattern.compile("(?<=[.;:!?])\\s+");
    private static final Pattern SPACES = Pattern.compile("\\s+");
    private static final Pattern LETTERS = Pattern.compile("\\p{L}{2}");
    private static final int LONGEST_WORD = 60;

    Cutting {
        if (mostWords < 10 || mostWords > 1_000) {
            throw new IllegalArgumentException(
                    "words of a passage must be between 10 and 1000, but were " + mostWords);
        }
    }

    /** Returns the passages of a document, in order; none when it has no words. */
    List<Passage> cut(Document document) {
        List<Passage> passages = new ArrayList<>();
        List<String> open = new ArrayList<>();
        for (List<String> piece : pieces(document.text())) {
            if (open.size() + piece.size() > mostWords) {
                close(document, open, passages);
            }
            open.addAll(piece);
        }
        close(document, open, passages);
        return List.copyOf(passages);
    }

    /** Paragraphs that fit, sentences of those that do not, parts of sentences that do not. */
    private List<List<String>> pieces(String text) {
        List<List<String>> pieces = new ArrayList<>();
        for (String paragraph : PARAGRAPHS.splitAsStream(text).toList()) {
            List<String> words = words(paragraph);
            if (words.size() <= mostWords) {
                pieces.add(words);
                continue;
            }
            for (String sentence : SENTENCES.splitAsStream(paragraph).toList()) {
                pieces.addAll(parts(words(sentence)));
            }
        }
        return pieces;
    }

    private List<List<String>> parts(List<String> words) {
        List<List<String>> parts = new ArrayList<>();
        for (int from = 0; from < words.size(); from += mostWords) {
            parts.add(words.subList(from, Math.min(words.size(), from + mostWords)));
        }
        return parts;
    }

    /** Rulers and boxes of characters are no words, and one endless word would be many tokens. */
    private static List<String> words(String text) {
        return SPACES.splitAsStream(text.strip())
                .filter(word -> word.codePoints().anyMatch(Character::isLetterOrDigit))
                .map(word -> word.length() <= LONGEST_WORD ? word : word.substring(0, LONGEST_WORD))
                .toList();
    }

    private static void close(Document document, List<String> open, List<Passage> passages) {
        String text = String.join(" ", open);
        if (LETTERS.matcher(text).find()) {
            passages.add(new Passage(document.name(), passages.size() + 1, text));
        }
        open.clear();
    }
}
