using Gatehouse.Web.Exports;

namespace Gatehouse.OpenId.SignIn;

/// <summary>What users let applications learn, and which they signed in to, as their exports have it.</summary>
internal static class SignInExports
{
    public static ExportedRows Consents { get; } =
        new()
        {
            Name = "application-consents",
            Text = "page.export.application-consents",
            Statement = """
                select c.name as application, t.scopes, t.given_at
                  from openid.consents t left join openid.clients c on c.tenant_id = t.tenant_id and c.id = t.client
                 where t.tenant_id = @tenant and t.user_id = @user order by t.given_at, t.client
                """,
        };

    public static ExportedRows SignIns { get; } =
        new()
        {
            Name = "application-sign-ins",
            Text = "page.export.application-sign-ins",
            Statement = """
                select c.name as application, g.scopes, g.authenticated_at, g.created_at, g.redeemed_at, g.ends_at
                  from openid.grants g left join openid.clients c on c.tenant_id = g.tenant_id and c.id = g.client
                 where g.tenant_id = @tenant and g.user_id = @user order by g.created_at, g.id
                """,
        };
}
