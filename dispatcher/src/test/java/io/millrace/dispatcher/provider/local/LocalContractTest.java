package io.millrace.dispatcher.provider.local;

import io.millrace.dispatcher.provider.Provider;
import io.millrace.dispatcher.provider.ProviderContract;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LocalContractTest implements ProviderContract {

    @TempDir private static Path directory;
    private static Embedder embedder;

    @BeforeAll
    static void open() {
        embedder = new Embedder(directory, 2);
    }

    @AfterAll
    static void close() {
        embedder.close();
    }

    @Override
    public Provider provider() {
        return new LocalProvider(embedder, InstantSource.system());
    }

    @Override
    public String model() {
        return LocalProvider.MODEL;
    }
}
