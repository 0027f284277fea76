package io.millrace.simulatedprovider.dialect;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** The tokens of this provider: runs of characters other than white space. */
final class Words {

    private static final Pattern SPACE = Pattern.compile("\\s+");

    private Words() {}

    static long count(CharSequence text) {
        long count = 0;
        boolean inside = false;
        for (int at = 0; at < text.length(); at++) {
            boolean word = !Character.isWhitespace(text.charAt(at));
            if (word && !inside) {
                count++;
            }
            inside = word;
        }
        return count;
    }

    static List<String> of(String text) {
        return Arrays.stream(SPACE.split(text)).filter(word -> !word.isEmpty()).toList();
    }
}
