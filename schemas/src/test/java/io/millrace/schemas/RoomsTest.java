package io.millrace.schemas;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Random;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Utils;

/** What the package documentation of each room says it may not contain. */
@AnalyzeClasses(packages = RoomsTest.ROOT, importOptions = DoNotIncludeTests.class)
class RoomsTest {

    static final String ROOT = "io.millrace.schemas";

    private static final String AVRO = ROOT + ".avro";

    @ArchTest
    static final ArchRule contractKnowsNoServerNoMeterAndNoService =
            classes()
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            ROOT + "..",
                            "java..",
                            "org.apache.avro..",
                            "org.apache.kafka..",
                            "io.confluent..",
                            "com.fasterxml.jackson.databind..",
                            "org.jspecify.annotations");

    @ArchTest
    static final ArchRule ofKafkaOnlyItsHashItsErrorsAndTheWishForATopicAreKnown =
            noClasses()
                    .should()
                    .dependOnClassesThat(
                            resideInAPackage("org.apache.kafka..")
                                    .and(not(type(Utils.class)))
                                    .and(not(type(NewTopic.class)))
                                    .and(not(assignableTo(KafkaException.class)))
                                    .and(not(assignableTo(Deserializer.class)))
                                    .and(not(assignableTo(Serializer.class))));

    @ArchTest
    static final ArchRule idsAndMoneyHaveNoClockAndNoRandomnessOfTheirOwn =
            noClasses()
                    .that()
                    .resideInAnyPackage(ROOT + ".id", ROOT + ".money")
                    .should()
                    .dependOnClassesThat()
                    .areAssignableTo(InstantSource.class)
                    .orShould()
                    .dependOnClassesThat()
                    .areAssignableTo(Random.class)
                    .orShould()
                    .dependOnClassesThat()
                    .areAssignableTo(SecureRandom.class);

    @ArchTest
    static final ArchRule moneyIsNeverAFloatingPointNumber =
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + ".money")
                    .should()
                    .dependOnClassesThat()
                    .areAssignableTo(Double.class)
                    .orShould()
                    .dependOnClassesThat()
                    .areAssignableTo(double.class)
                    .orShould()
                    .dependOnClassesThat()
                    .areAssignableTo(float.class);

    @ArchTest
    static final ArchRule generatedRecordsKnowNoRoom =
            noClasses()
                    .that()
                    .resideInAPackage(AVRO)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            ROOT + ".id",
                            ROOT + ".money",
                            ROOT + ".topic",
                            ROOT + ".serde",
                            ROOT + ".blob");

    @ArchTest
    static final ArchRule roomsDoNotKnowEachOtherInACircle =
            slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();
}
