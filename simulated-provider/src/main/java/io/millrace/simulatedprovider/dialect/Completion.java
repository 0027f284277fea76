package io.millrace.simulatedprovider.dialect;

import io.millrace.simulatedprovider.behaviour.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A text made from the seed and the words of a message: {@code echo-1f3a9c2e} and words drawn from
 * it.
 *
 * @param isCut whether it would have been longer, had it been allowed to
 */
record Completion(List<String> words, boolean isCut) {

    private static final int SHORTEST = 8;
    private static final int LONGEST = 24;
    private static final List<String> VOCABULARY = List.of("silence", "is", "an", "answer", "too");

    /**
     * @param wanted how many words it has, 0 to let the seed choose
     * @param allowed how many it may have at most
     */
    static Completion of(String message, Seed seed, int wanted, int allowed) {
        long hash = Seed.hash(message);
        RandomGenerator random = seed.generator(hash);
        List<String> source = Words.of(message);
        List<String> vocabulary = source.isEmpty() ? VOCABULARY : source;
        int length = wanted > 0 ? wanted : random.nextInt(SHORTEST, LONGEST + 1);
        List<String> words = new ArrayList<>(length);
        words.add("echo-%08x".formatted((int) (seed.value() ^ hash)));
        while (words.size() < Math.min(length, allowed)) {
            words.add(vocabulary.get(random.nextInt(vocabulary.size())));
        }
        return new Completion(List.copyOf(words), length > allowed);
    }

    String text() {
        return String.join(" ", words);
    }

    /** The words with the space before them, so that they add up to the text. */
    List<String> deltas() {
        List<String> deltas = new ArrayList<>(words.size());
        for (String word : words) {
            deltas.add(deltas.isEmpty() ? word : " " + word);
        }
        return deltas;
    }
}
