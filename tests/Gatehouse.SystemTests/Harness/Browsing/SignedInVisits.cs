namespace Gatehouse.SystemTests.Harness.Browsing;

/// <summary>Visits of people who are signed in.</summary>
internal static class SignedInVisits
{
    private const string SignIn = """
        identifierAndPassword => fetch('/v1/sessions', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'Gatehouse-Request': '1' },
          body: JSON.stringify({ ...identifierAndPassword, transport: 'cookie' }),
        }).then(answer => answer.status)
        """;

    /// <summary>Signs in from a page of the service, as a script of its own could.</summary>
    public static async Task SignInAsync(this Visit visit, string email)
    {
        await visit.GoAsync("/forgot");
        Assert.Equal(201, await visit.Page.EvaluateAsync<int>(SignIn, new { identifier = email, password = TestUsers.Password }));
    }
}
