using Gatehouse.SystemTests.Harness;
using Gatehouse.Web;

namespace Gatehouse.SystemTests.Audit;

/// <summary>One application for the tests of the audit: each begins with an empty one, whatever the clock says by then.</summary>
public sealed class AuditedApp : IAsyncLifetime
{
    public TestApp App { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        App = await AuditTrail.StartAsync(replace: services => services.AddSingleton<IAccessTokenCheck, ActivityTests.NamesAsTokens>());

    public async ValueTask DisposeAsync() => await App.DisposeAsync();
}

/// <summary>The tests that share it, one after the other.</summary>
[CollectionDefinition]
public sealed class OneAudit : ICollectionFixture<AuditedApp>;
