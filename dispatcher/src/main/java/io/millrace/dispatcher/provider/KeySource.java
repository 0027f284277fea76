package io.millrace.dispatcher.provider;

import java.util.List;

/** Where the API keys of one provider come from. Thread-safe. */
@FunctionalInterface
public interface KeySource {

    /** Returns the keys that are valid now, in order of preference; none when there are none. */
    List<String> currentKeys();
}
