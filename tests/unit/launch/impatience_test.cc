#include "launch/impatience.h"

#include <doctest/doctest.h>

using namespace sampan;
using Wish = Impatience::Wish;

namespace {

Impatience::Time at(int ms) {
    return Impatience::Time(std::chrono::milliseconds(100000 + ms));
}

}  // namespace

TEST_CASE("impatience: the second time is a warning, the third one within two seconds the end") {
    Impatience person;
    CHECK(person.press(at(0)) == Wish::none);
    CHECK(person.press(at(700)) == Wish::warning);
    CHECK(person.press(at(2000)) == Wish::end);
}

TEST_CASE("impatience: the warning comes once, and slow ones never end anything") {
    Impatience person;
    CHECK(person.press(at(0)) == Wish::none);
    CHECK(person.press(at(1500)) == Wish::warning);
    CHECK(person.press(at(3000)) == Wish::none);
    CHECK(person.press(at(4500)) == Wish::none);
    CHECK(person.press(at(60000)) == Wish::none);
}

TEST_CASE("impatience: three within two seconds count, whatever was before") {
    Impatience person;
    person.press(at(0));
    CHECK(person.press(at(10000)) == Wish::none);
    CHECK(person.press(at(10500)) == Wish::warning);
    CHECK(person.press(at(12000)) == Wish::end);
}
