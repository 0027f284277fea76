package io.millrace.dispatcher.provider.dialect;

import java.util.List;

/** The keys that stand in the process's own configuration file. */
@FunctionalInterface
public interface ConfiguredKeys {

    /** Returns the keys of a provider; none when the file has none. */
    List<String> of(String provider);
}
