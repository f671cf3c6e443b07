namespace Gatehouse.SystemTests.Harness;

// Tests that move time or inject faults share an application too, but one after the other, and apart from the one whose clock only runs.

/// <summary>One application whose clock is moved and whose database is disturbed.</summary>
[CollectionDefinition]
public sealed class MovedTime : ICollectionFixture<RunningApp>;

/// <summary>One application for those who count what all of it holds, or replace what all of it shares: keys, costs, permissions.</summary>
[CollectionDefinition]
public sealed class Undisturbed : ICollectionFixture<RunningApp>;

/// <summary>Two nodes under one clock that is moved: accounts and signing in.</summary>
[CollectionDefinition]
public sealed class AccountsOnTwoNodes : ICollectionFixture<TwoNodes>;

/// <summary>Two nodes under one clock that is moved: sessions.</summary>
[CollectionDefinition]
public sealed class SessionsOnTwoNodes : ICollectionFixture<TwoNodes>;
